-- The second newest prompt: what is newer belongs to the last two turns.
INSERT INTO lc_prompt (
  session_id,
  created,
  id
)
SELECT
  u.session_id,
  u.created,
  u.id
FROM (
  SELECT
    m.session_id,
    m.time_created AS created,
    m.id,
    ROW_NUMBER() OVER (PARTITION BY m.session_id ORDER BY m.time_created DESC, m.id DESC) AS place
  FROM message AS m
  JOIN lc_session AS s
    ON s.id = m.session_id
  WHERE
    s.active < 1799395200000
    AND s.unclear = 0
    AND NOT EXISTS(
      SELECT
        1
      FROM session AS session_undo
      WHERE
        session_undo.id = s.id AND NOT session_undo.revert IS NULL
    )
    AND CASE
      WHEN JSON_VALID(
        CASE
          WHEN JSON_VALID(m.data) = 1
          THEN m.data
          ELSE REGEXP_REPLACE(m.data, '(?<!\\\\)((?:\\\\\\\\)*)\\\\u[dD][89a-fA-F][0-9a-fA-F]{2}', '\\\\1?')
        END
      ) = 1
      THEN CASE
        WHEN JSON_VALUE(
          CASE
            WHEN JSON_VALID(m.data) = 1
            THEN m.data
            ELSE REGEXP_REPLACE(m.data, '(?<!\\\\)((?:\\\\\\\\)*)\\\\u[dD][89a-fA-F][0-9a-fA-F]{2}', '\\\\1?')
          END,
          '$.role'
        ) = 'user'
        THEN 1
        ELSE 0
      END
      ELSE 0
    END = 1
) AS u
WHERE
  u.place = 2;

-- Results before it.
INSERT INTO lc_result (
  id,
  session_id,
  message_id,
  created,
  size,
  octets,
  rest,
  stamp
)
SELECT
  p.id,
  m.session_id,
  m.id,
  m.time_created,
  COALESCE(
    OCTET_LENGTH(
      JSON_UNQUOTE(
        JSON_EXTRACT(
          CASE
            WHEN JSON_VALID(p.data) = 1
            THEN p.data
            ELSE REGEXP_REPLACE(p.data, '(?<!\\\\)((?:\\\\\\\\)*)\\\\u[dD][89a-fA-F][0-9a-fA-F]{2}', '\\\\1?')
          END,
          '$.state.output'
        )
      )
    ),
    0
  ),
  OCTET_LENGTH(p.data),
  OCTET_LENGTH(
    JSON_REMOVE(
      JSON_SET(
        JSON_REPLACE(
          p.data,
          '$.state.metadata',
          JSON_MERGE_PATCH(
            '{}',
            JSON_OBJECT(
              'sessionId', JSON_EXTRACT(p.data, '$.state.metadata.sessionId'),
              'parentSessionId', JSON_EXTRACT(p.data, '$.state.metadata.parentSessionId')
            )
          )
        ),
        '$.state.output',
        '[Old tool result content cleared]'
      ),
      '$.state.attachments'
    )
  ),
  COALESCE(CASE WHEN p.time_updated >= 1000000000000 THEN p.time_updated END, 0)
FROM lc_prompt AS u
JOIN message AS m
  ON m.session_id = u.session_id
JOIN part AS p
  ON p.message_id = m.id
WHERE
  CASE WHEN m.time_created < u.created THEN 1 WHEN m.time_created = u.created AND m.id < u.id THEN 1 ELSE 0 END = 1
  AND NOT p.id IS NULL
  AND CASE
    WHEN JSON_VALID(
      CASE
        WHEN JSON_VALID(p.data) = 1
        THEN p.data
        ELSE REGEXP_REPLACE(p.data, '(?<!\\\\)((?:\\\\\\\\)*)\\\\u[dD][89a-fA-F][0-9a-fA-F]{2}', '\\\\1?')
      END
    ) = 1
    THEN CASE
      WHEN JSON_VALUE(
        CASE
          WHEN JSON_VALID(p.data) = 1
          THEN p.data
          ELSE REGEXP_REPLACE(p.data, '(?<!\\\\)((?:\\\\\\\\)*)\\\\u[dD][89a-fA-F][0-9a-fA-F]{2}', '\\\\1?')
        END,
        '$.type'
      ) = 'tool'
      THEN CASE
        WHEN JSON_VALUE(
          CASE
            WHEN JSON_VALID(p.data) = 1
            THEN p.data
            ELSE REGEXP_REPLACE(p.data, '(?<!\\\\)((?:\\\\\\\\)*)\\\\u[dD][89a-fA-F][0-9a-fA-F]{2}', '\\\\1?')
          END,
          '$.state.status'
        ) = 'completed'
        AND COALESCE(
          JSON_VALUE(
            CASE
              WHEN JSON_VALID(p.data) = 1
              THEN p.data
              ELSE REGEXP_REPLACE(p.data, '(?<!\\\\)((?:\\\\\\\\)*)\\\\u[dD][89a-fA-F][0-9a-fA-F]{2}', '\\\\1?')
            END,
            '$.tool'
          ),
          ''
        ) <> 'skill'
        AND COALESCE(
          JSON_VALUE(
            CASE
              WHEN JSON_VALID(p.data) = 1
              THEN p.data
              ELSE REGEXP_REPLACE(p.data, '(?<!\\\\)((?:\\\\\\\\)*)\\\\u[dD][89a-fA-F][0-9a-fA-F]{2}', '\\\\1?')
            END,
            '$.state.output'
          ),
          ''
        ) <> '[Old tool result content cleared]'
        AND JSON_VALID(p.data) = 1
        THEN 1
        ELSE 0
      END
      ELSE 0
    END
    ELSE 0
  END = 1
  AND CASE
    WHEN JSON_VALID(
      CASE
        WHEN JSON_VALID(p.data) = 1
        THEN p.data
        ELSE REGEXP_REPLACE(p.data, '(?<!\\\\)((?:\\\\\\\\)*)\\\\u[dD][89a-fA-F][0-9a-fA-F]{2}', '\\\\1?')
      END
    ) = 1
    THEN CASE
      WHEN JSON_VALUE(
        CASE
          WHEN JSON_VALID(p.data) = 1
          THEN p.data
          ELSE REGEXP_REPLACE(p.data, '(?<!\\\\)((?:\\\\\\\\)*)\\\\u[dD][89a-fA-F][0-9a-fA-F]{2}', '\\\\1?')
        END,
        '$.type'
      ) = 'tool'
      THEN CASE
        WHEN JSON_VALUE(
          CASE
            WHEN JSON_VALID(p.data) = 1
            THEN p.data
            ELSE REGEXP_REPLACE(p.data, '(?<!\\\\)((?:\\\\\\\\)*)\\\\u[dD][89a-fA-F][0-9a-fA-F]{2}', '\\\\1?')
          END,
          '$.state.status'
        ) = 'completed'
        AND COALESCE(
          OCTET_LENGTH(
            JSON_UNQUOTE(
              JSON_EXTRACT(
                CASE
                  WHEN JSON_VALID(p.data) = 1
                  THEN p.data
                  ELSE REGEXP_REPLACE(p.data, '(?<!\\\\)((?:\\\\\\\\)*)\\\\u[dD][89a-fA-F][0-9a-fA-F]{2}', '\\\\1?')
                END,
                '$.state.time.compacted'
              )
            )
          ),
          0
        ) >= 13
        AND JSON_VALID(p.data) = 1
        AND (
          COALESCE(
            JSON_VALUE(
              CASE
                WHEN JSON_VALID(p.data) = 1
                THEN p.data
                ELSE REGEXP_REPLACE(p.data, '(?<!\\\\)((?:\\\\\\\\)*)\\\\u[dD][89a-fA-F][0-9a-fA-F]{2}', '\\\\1?')
              END,
              '$.state.output'
            ),
            ''
          ) <> '[Old tool result content cleared]'
          OR CASE
            WHEN COALESCE(
              JSON_TYPE(
                JSON_EXTRACT(
                  CASE
                    WHEN JSON_VALID(p.data) = 1
                    THEN p.data
                    ELSE REGEXP_REPLACE(p.data, '(?<!\\\\)((?:\\\\\\\\)*)\\\\u[dD][89a-fA-F][0-9a-fA-F]{2}', '\\\\1?')
                  END,
                  '$.state.attachments'
                )
              ),
              'NULL'
            ) = 'NULL'
            THEN 0
            ELSE 1
          END = 1
          OR COALESCE(
            OCTET_LENGTH(
              JSON_UNQUOTE(
                JSON_EXTRACT(
                  CASE
                    WHEN JSON_VALID(p.data) = 1
                    THEN p.data
                    ELSE REGEXP_REPLACE(p.data, '(?<!\\\\)((?:\\\\\\\\)*)\\\\u[dD][89a-fA-F][0-9a-fA-F]{2}', '\\\\1?')
                  END,
                  '$.state.metadata'
                )
              )
            ),
            0
          ) > COALESCE(
            OCTET_LENGTH(
              JSON_UNQUOTE(
                JSON_EXTRACT(
                  CASE
                    WHEN JSON_VALID(
                      JSON_REPLACE(
                        p.data,
                        '$.state.metadata',
                        JSON_MERGE_PATCH(
                          '{}',
                          JSON_OBJECT(
                            'sessionId', JSON_EXTRACT(p.data, '$.state.metadata.sessionId'),
                            'parentSessionId', JSON_EXTRACT(p.data, '$.state.metadata.parentSessionId')
                          )
                        )
                      )
                    ) = 1
                    THEN JSON_REPLACE(
                      p.data,
                      '$.state.metadata',
                      JSON_MERGE_PATCH(
                        '{}',
                        JSON_OBJECT(
                          'sessionId', JSON_EXTRACT(p.data, '$.state.metadata.sessionId'),
                          'parentSessionId', JSON_EXTRACT(p.data, '$.state.metadata.parentSessionId')
                        )
                      )
                    )
                    ELSE REGEXP_REPLACE(
                      JSON_REPLACE(
                        p.data,
                        '$.state.metadata',
                        JSON_MERGE_PATCH(
                          '{}',
                          JSON_OBJECT(
                            'sessionId', JSON_EXTRACT(p.data, '$.state.metadata.sessionId'),
                            'parentSessionId', JSON_EXTRACT(p.data, '$.state.metadata.parentSessionId')
                          )
                        )
                      ),
                      '(?<!\\\\)((?:\\\\\\\\)*)\\\\u[dD][89a-fA-F][0-9a-fA-F]{2}',
                      '\\\\1?'
                    )
                  END,
                  '$.state.metadata'
                )
              )
            ),
            0
          )
        )
        THEN 1
        ELSE 0
      END
      ELSE 0
    END
    ELSE 0
  END = 0;

INSERT INTO lc_broken (
  name,
  id
)
SELECT
  'part',
  p.id
FROM lc_prompt AS u
JOIN message AS m
  ON m.session_id = u.session_id
JOIN part AS p
  ON p.message_id = m.id
WHERE
  CASE WHEN m.time_created < u.created THEN 1 WHEN m.time_created = u.created AND m.id < u.id THEN 1 ELSE 0 END = 1
  AND JSON_VALID(
    CASE
      WHEN JSON_VALID(p.data) = 1
      THEN p.data
      ELSE REGEXP_REPLACE(p.data, '(?<!\\\\)((?:\\\\\\\\)*)\\\\u[dD][89a-fA-F][0-9a-fA-F]{2}', '\\\\1?')
    END
  ) = 0;

-- Beyond what is protected.
INSERT INTO lc_target (
  kind,
  name,
  field,
  number,
  id,
  session_id,
  bytes,
  octets,
  stamp
)
SELECT
  'outputs',
  'part',
  'data',
  ROW_NUMBER() OVER (ORDER BY w.id),
  w.id,
  w.session_id,
  w.octets - w.rest,
  w.octets,
  w.stamp
FROM (
  SELECT
    o.id,
    o.session_id,
    o.octets,
    o.rest,
    o.stamp,
    SUM(o.size) OVER (PARTITION BY o.session_id) AS worth
  FROM (
    SELECT
      r.id,
      r.session_id,
      r.size,
      r.octets,
      r.rest,
      r.stamp,
      SUM(r.size) OVER (
        PARTITION BY r.session_id
        ORDER BY r.created DESC, r.message_id DESC, r.id DESC
        ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
      ) AS walked
    FROM lc_result AS r
  ) AS o
  WHERE
    o.walked > 160000
) AS w
WHERE
  w.worth > 80000;
