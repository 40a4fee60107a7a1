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
  LEFT JOIN lc_skeleton AS k
    ON k.name = 'message' AND k.id = m.id
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
    AND NOT EXISTS(
      SELECT
        1
      FROM session_v2 AS session_v2_undo
      WHERE
        session_v2_undo.id = s.id AND NOT session_v2_undo.revert IS NULL
    )
    AND CASE
      WHEN JSON_VALID(CASE WHEN LENGTH(CAST(m.data AS BLOB)) < 16777216 THEN m.data ELSE k.value END) = 1
      THEN CASE
        WHEN JSON_EXTRACT(CASE WHEN LENGTH(CAST(m.data AS BLOB)) < 16777216 THEN m.data ELSE k.value END, '$.role') = 'user'
        THEN 1
        ELSE 0
      END
      ELSE 0
    END = 1
) AS u
WHERE
  u.place = 2;

-- Results before it. `rest` is -1 for a huge one that says more than what would go: it counts, and stays.
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
    LENGTH(
      CAST(JSON_EXTRACT(CASE WHEN LENGTH(CAST(p.data AS BLOB)) < 16777216 THEN p.data ELSE k.value END, '$.state.output') AS BLOB)
    ),
    0
  ) + COALESCE(k.more, 0),
  LENGTH(CAST(p.data AS BLOB)),
  CASE
    WHEN (
      LENGTH(CAST(p.data AS BLOB)) < 16777216
      OR JSON_REMOVE(
        JSON_SET(
          CASE WHEN LENGTH(CAST(p.data AS BLOB)) < 16777216 THEN p.data ELSE k.value END,
          CASE
            WHEN JSON_TYPE(CASE WHEN LENGTH(CAST(p.data AS BLOB)) < 16777216 THEN p.data ELSE k.value END, '$.state.metadata') IS NULL
            THEN '$.state.output'
            ELSE '$.state.metadata'
          END,
          JSON(
            JSON_PATCH(
              '{}',
              JSON_OBJECT(
                'sessionId', CASE WHEN LENGTH(CAST(p.data AS BLOB)) < 16777216 THEN p.data ELSE k.value END -> '$.state.metadata.sessionId',
                'parentSessionId', CASE WHEN LENGTH(CAST(p.data AS BLOB)) < 16777216 THEN p.data ELSE k.value END -> '$.state.metadata.parentSessionId'
              )
            )
          ),
          '$.state.output',
          '[Old tool result content cleared]'
        ),
        '$.state.attachments'
      ) NOT LIKE '%left out%'
    )
    THEN LENGTH(
      CAST(JSON_REMOVE(
        JSON_SET(
          CASE WHEN LENGTH(CAST(p.data AS BLOB)) < 16777216 THEN p.data ELSE k.value END,
          CASE
            WHEN JSON_TYPE(CASE WHEN LENGTH(CAST(p.data AS BLOB)) < 16777216 THEN p.data ELSE k.value END, '$.state.metadata') IS NULL
            THEN '$.state.output'
            ELSE '$.state.metadata'
          END,
          JSON(
            JSON_PATCH(
              '{}',
              JSON_OBJECT(
                'sessionId', CASE WHEN LENGTH(CAST(p.data AS BLOB)) < 16777216 THEN p.data ELSE k.value END -> '$.state.metadata.sessionId',
                'parentSessionId', CASE WHEN LENGTH(CAST(p.data AS BLOB)) < 16777216 THEN p.data ELSE k.value END -> '$.state.metadata.parentSessionId'
              )
            )
          ),
          '$.state.output',
          '[Old tool result content cleared]'
        ),
        '$.state.attachments'
      ) AS BLOB)
    )
    ELSE -1
  END,
  COALESCE(CASE WHEN TYPEOF(p.time_updated) = 'integer' AND p.time_updated >= 1000000000000 THEN p.time_updated END, 0)
FROM lc_prompt AS u
JOIN message AS m
  ON m.session_id = u.session_id
JOIN part AS p
  ON p.message_id = m.id
LEFT JOIN lc_skeleton AS k
  ON k.name = 'part' AND k.id = p.id
WHERE
  CASE WHEN m.time_created < u.created THEN 1 WHEN m.time_created = u.created AND m.id < u.id THEN 1 ELSE 0 END = 1
  AND NOT p.id IS NULL
  AND CASE
    WHEN JSON_VALID(CASE WHEN LENGTH(CAST(p.data AS BLOB)) < 16777216 THEN p.data ELSE k.value END) = 1
    THEN CASE
      WHEN JSON_EXTRACT(CASE WHEN LENGTH(CAST(p.data AS BLOB)) < 16777216 THEN p.data ELSE k.value END, '$.type') = 'tool'
      THEN CASE
        WHEN JSON_EXTRACT(CASE WHEN LENGTH(CAST(p.data AS BLOB)) < 16777216 THEN p.data ELSE k.value END, '$.state.status') = 'completed'
        AND COALESCE(JSON_EXTRACT(CASE WHEN LENGTH(CAST(p.data AS BLOB)) < 16777216 THEN p.data ELSE k.value END, '$.tool'), '') <> 'skill'
        AND COALESCE(
          JSON_EXTRACT(CASE WHEN LENGTH(CAST(p.data AS BLOB)) < 16777216 THEN p.data ELSE k.value END, '$.state.output'),
          ''
        ) <> '[Old tool result content cleared]'
        AND CASE
          WHEN TYPEOF(CASE WHEN LENGTH(CAST(p.data AS BLOB)) < 16777216 THEN p.data ELSE k.value END) <> 'text'
          THEN 0
          WHEN JSON_VALID(CASE WHEN LENGTH(CAST(p.data AS BLOB)) < 16777216 THEN p.data ELSE k.value END) = 0
          THEN 0
          WHEN LENGTH(CAST(PRINTF('%s', CASE WHEN LENGTH(CAST(p.data AS BLOB)) < 16777216 THEN p.data ELSE k.value END) AS BLOB)) < LENGTH(CAST(CASE WHEN LENGTH(CAST(p.data AS BLOB)) < 16777216 THEN p.data ELSE k.value END AS BLOB))
          THEN 0
          ELSE 1
        END = 1
        THEN 1
        ELSE 0
      END
      ELSE 0
    END
    ELSE 0
  END = 1
  AND CASE
    WHEN JSON_VALID(CASE WHEN LENGTH(CAST(p.data AS BLOB)) < 16777216 THEN p.data ELSE k.value END) = 1
    THEN CASE
      WHEN JSON_EXTRACT(CASE WHEN LENGTH(CAST(p.data AS BLOB)) < 16777216 THEN p.data ELSE k.value END, '$.type') = 'tool'
      THEN CASE
        WHEN JSON_EXTRACT(CASE WHEN LENGTH(CAST(p.data AS BLOB)) < 16777216 THEN p.data ELSE k.value END, '$.state.status') = 'completed'
        AND COALESCE(
          LENGTH(
            CAST(JSON_EXTRACT(CASE WHEN LENGTH(CAST(p.data AS BLOB)) < 16777216 THEN p.data ELSE k.value END, '$.state.time.compacted') AS BLOB)
          ),
          0
        ) >= 13
        AND CASE
          WHEN TYPEOF(CASE WHEN LENGTH(CAST(p.data AS BLOB)) < 16777216 THEN p.data ELSE k.value END) <> 'text'
          THEN 0
          WHEN JSON_VALID(CASE WHEN LENGTH(CAST(p.data AS BLOB)) < 16777216 THEN p.data ELSE k.value END) = 0
          THEN 0
          WHEN LENGTH(CAST(PRINTF('%s', CASE WHEN LENGTH(CAST(p.data AS BLOB)) < 16777216 THEN p.data ELSE k.value END) AS BLOB)) < LENGTH(CAST(CASE WHEN LENGTH(CAST(p.data AS BLOB)) < 16777216 THEN p.data ELSE k.value END AS BLOB))
          THEN 0
          ELSE 1
        END = 1
        AND (
          COALESCE(
            JSON_EXTRACT(CASE WHEN LENGTH(CAST(p.data AS BLOB)) < 16777216 THEN p.data ELSE k.value END, '$.state.output'),
            ''
          ) <> '[Old tool result content cleared]'
          OR CASE
            WHEN COALESCE(
              JSON_TYPE(CASE WHEN LENGTH(CAST(p.data AS BLOB)) < 16777216 THEN p.data ELSE k.value END, '$.state.attachments'),
              'null'
            ) = 'null'
            THEN 0
            ELSE 1
          END = 1
          OR COALESCE(
            LENGTH(
              CAST(JSON_EXTRACT(CASE WHEN LENGTH(CAST(p.data AS BLOB)) < 16777216 THEN p.data ELSE k.value END, '$.state.metadata') AS BLOB)
            ),
            0
          ) > COALESCE(
            LENGTH(
              CAST(JSON_EXTRACT(
                JSON_REPLACE(
                  CASE WHEN LENGTH(CAST(p.data AS BLOB)) < 16777216 THEN p.data ELSE k.value END,
                  '$.state.metadata',
                  JSON(
                    JSON_PATCH(
                      '{}',
                      JSON_OBJECT(
                        'sessionId', CASE WHEN LENGTH(CAST(p.data AS BLOB)) < 16777216 THEN p.data ELSE k.value END -> '$.state.metadata.sessionId',
                        'parentSessionId', CASE WHEN LENGTH(CAST(p.data AS BLOB)) < 16777216 THEN p.data ELSE k.value END -> '$.state.metadata.parentSessionId'
                      )
                    )
                  )
                ),
                '$.state.metadata'
              ) AS BLOB)
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
LEFT JOIN lc_skeleton AS k
  ON k.name = 'part' AND k.id = p.id
WHERE
  CASE WHEN m.time_created < u.created THEN 1 WHEN m.time_created = u.created AND m.id < u.id THEN 1 ELSE 0 END = 1
  AND JSON_VALID(CASE WHEN LENGTH(CAST(p.data AS BLOB)) < 16777216 THEN p.data ELSE k.value END) = 0;

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
  w.worth > 80000 AND w.rest >= 0;

INSERT INTO lc_too_large (
  name,
  id
)
SELECT
  'part',
  w.id
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
  w.worth > 80000 AND w.rest < 0;
