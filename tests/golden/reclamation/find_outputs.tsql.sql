-- The second newest prompt: what is newer belongs to the last two turns.
INSERT INTO #lc_prompt (
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
    m.session_id AS session_id,
    m.time_created AS created,
    m.id AS id,
    ROW_NUMBER() OVER (PARTITION BY m.session_id ORDER BY m.time_created DESC, m.id DESC) AS place
  FROM message AS m
  JOIN #lc_session AS s
    ON s.id = m.session_id
  LEFT JOIN #lc_skeleton AS k
    ON k.name = 'message' AND k.id = m.id
  WHERE
    s.active < 1799395200000
    AND s.unclear = 0
    AND NOT EXISTS(
      SELECT
        1
      FROM session AS session_undo
      WHERE
        session_undo.id = s.id AND NOT session_undo.[revert] IS NULL
    )
    AND CASE
      WHEN ISJSON(CASE WHEN CAST(DATALENGTH(m.data) AS BIGINT) < 16777216 THEN m.data ELSE k.value END) = 1
      THEN CASE
        WHEN JSON_VALUE(CASE WHEN CAST(DATALENGTH(m.data) AS BIGINT) < 16777216 THEN m.data ELSE k.value END, '$.role') = 'user'
        THEN 1
        ELSE 0
      END
      ELSE 0
    END = 1
) AS u
WHERE
  u.place = 2;

-- Results before it. `rest` is -1 for a huge one that says more than what would go: it counts, and stays.
INSERT INTO #lc_result (
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
    CAST(DATALENGTH(
      COALESCE(
        JSON_QUERY(CASE WHEN CAST(DATALENGTH(p.data) AS BIGINT) < 16777216 THEN p.data ELSE k.value END, '$.state.output'),
        JSON_VALUE(CASE WHEN CAST(DATALENGTH(p.data) AS BIGINT) < 16777216 THEN p.data ELSE k.value END, '$.state.output')
      )
    ) AS BIGINT),
    0
  ) + COALESCE(k.more, 0),
  CAST(DATALENGTH(p.data) AS BIGINT),
  CASE
    WHEN (
      CAST(DATALENGTH(p.data) AS BIGINT) < 16777216
      OR JSON_MODIFY(
        JSON_MODIFY(
          CASE
            WHEN JSON_QUERY(CASE WHEN CAST(DATALENGTH(p.data) AS BIGINT) < 16777216 THEN p.data ELSE k.value END, '$.state.metadata') IS NULL
            THEN CASE WHEN CAST(DATALENGTH(p.data) AS BIGINT) < 16777216 THEN p.data ELSE k.value END
            ELSE JSON_MODIFY(
              CASE WHEN CAST(DATALENGTH(p.data) AS BIGINT) < 16777216 THEN p.data ELSE k.value END,
              '$.state.metadata',
              JSON_QUERY(
                JSON_MODIFY(
                  JSON_MODIFY(
                    '{}',
                    '$.sessionId',
                    JSON_VALUE(
                      CASE WHEN CAST(DATALENGTH(p.data) AS BIGINT) < 16777216 THEN p.data ELSE k.value END,
                      '$.state.metadata.sessionId'
                    )
                  ),
                  '$.parentSessionId',
                  JSON_VALUE(
                    CASE WHEN CAST(DATALENGTH(p.data) AS BIGINT) < 16777216 THEN p.data ELSE k.value END,
                    '$.state.metadata.parentSessionId'
                  )
                ),
                '$'
              )
            )
          END,
          '$.state.output',
          '[Old tool result content cleared]'
        ),
        '$.state.attachments',
        NULL
      ) NOT LIKE '%left out%'
    )
    THEN CAST(DATALENGTH(
      JSON_MODIFY(
        JSON_MODIFY(
          CASE
            WHEN JSON_QUERY(CASE WHEN CAST(DATALENGTH(p.data) AS BIGINT) < 16777216 THEN p.data ELSE k.value END, '$.state.metadata') IS NULL
            THEN CASE WHEN CAST(DATALENGTH(p.data) AS BIGINT) < 16777216 THEN p.data ELSE k.value END
            ELSE JSON_MODIFY(
              CASE WHEN CAST(DATALENGTH(p.data) AS BIGINT) < 16777216 THEN p.data ELSE k.value END,
              '$.state.metadata',
              JSON_QUERY(
                JSON_MODIFY(
                  JSON_MODIFY(
                    '{}',
                    '$.sessionId',
                    JSON_VALUE(
                      CASE WHEN CAST(DATALENGTH(p.data) AS BIGINT) < 16777216 THEN p.data ELSE k.value END,
                      '$.state.metadata.sessionId'
                    )
                  ),
                  '$.parentSessionId',
                  JSON_VALUE(
                    CASE WHEN CAST(DATALENGTH(p.data) AS BIGINT) < 16777216 THEN p.data ELSE k.value END,
                    '$.state.metadata.parentSessionId'
                  )
                ),
                '$'
              )
            )
          END,
          '$.state.output',
          '[Old tool result content cleared]'
        ),
        '$.state.attachments',
        NULL
      )
    ) AS BIGINT)
    ELSE -1
  END,
  COALESCE(CASE WHEN p.time_updated >= 1000000000000 THEN p.time_updated END, 0)
FROM #lc_prompt AS u
JOIN message AS m
  ON m.session_id = u.session_id
JOIN part AS p
  ON p.message_id = m.id
LEFT JOIN #lc_skeleton AS k
  ON k.name = 'part' AND k.id = p.id
WHERE
  CASE WHEN m.time_created < u.created THEN 1 WHEN m.time_created = u.created AND m.id < u.id THEN 1 ELSE 0 END = 1
  AND NOT p.id IS NULL
  AND CASE
    WHEN ISJSON(CASE WHEN CAST(DATALENGTH(p.data) AS BIGINT) < 16777216 THEN p.data ELSE k.value END) = 1
    THEN CASE
      WHEN JSON_VALUE(CASE WHEN CAST(DATALENGTH(p.data) AS BIGINT) < 16777216 THEN p.data ELSE k.value END, '$.type') = 'tool'
      THEN CASE
        WHEN JSON_VALUE(CASE WHEN CAST(DATALENGTH(p.data) AS BIGINT) < 16777216 THEN p.data ELSE k.value END, '$.state.status') = 'completed'
        AND COALESCE(JSON_VALUE(CASE WHEN CAST(DATALENGTH(p.data) AS BIGINT) < 16777216 THEN p.data ELSE k.value END, '$.tool'), '') <> 'skill'
        AND COALESCE(
          JSON_VALUE(CASE WHEN CAST(DATALENGTH(p.data) AS BIGINT) < 16777216 THEN p.data ELSE k.value END, '$.state.output'),
          ''
        ) <> '[Old tool result content cleared]'
        AND ISJSON(CASE WHEN CAST(DATALENGTH(p.data) AS BIGINT) < 16777216 THEN p.data ELSE k.value END) = 1
        THEN 1
        ELSE 0
      END
      ELSE 0
    END
    ELSE 0
  END = 1
  AND CASE
    WHEN ISJSON(CASE WHEN CAST(DATALENGTH(p.data) AS BIGINT) < 16777216 THEN p.data ELSE k.value END) = 1
    THEN CASE
      WHEN JSON_VALUE(CASE WHEN CAST(DATALENGTH(p.data) AS BIGINT) < 16777216 THEN p.data ELSE k.value END, '$.type') = 'tool'
      THEN CASE
        WHEN JSON_VALUE(CASE WHEN CAST(DATALENGTH(p.data) AS BIGINT) < 16777216 THEN p.data ELSE k.value END, '$.state.status') = 'completed'
        AND COALESCE(
          CAST(DATALENGTH(
            COALESCE(
              JSON_QUERY(CASE WHEN CAST(DATALENGTH(p.data) AS BIGINT) < 16777216 THEN p.data ELSE k.value END, '$.state.time.compacted'),
              JSON_VALUE(CASE WHEN CAST(DATALENGTH(p.data) AS BIGINT) < 16777216 THEN p.data ELSE k.value END, '$.state.time.compacted')
            )
          ) AS BIGINT),
          0
        ) >= 13
        AND ISJSON(CASE WHEN CAST(DATALENGTH(p.data) AS BIGINT) < 16777216 THEN p.data ELSE k.value END) = 1
        AND (
          COALESCE(
            JSON_VALUE(CASE WHEN CAST(DATALENGTH(p.data) AS BIGINT) < 16777216 THEN p.data ELSE k.value END, '$.state.output'),
            ''
          ) <> '[Old tool result content cleared]'
          OR CASE
            WHEN JSON_VALUE(CASE WHEN CAST(DATALENGTH(p.data) AS BIGINT) < 16777216 THEN p.data ELSE k.value END, '$.state.attachments') IS NULL
            AND JSON_QUERY(CASE WHEN CAST(DATALENGTH(p.data) AS BIGINT) < 16777216 THEN p.data ELSE k.value END, '$.state.attachments') IS NULL
            THEN 0
            ELSE 1
          END = 1
          OR COALESCE(
            CAST(DATALENGTH(
              COALESCE(
                JSON_QUERY(CASE WHEN CAST(DATALENGTH(p.data) AS BIGINT) < 16777216 THEN p.data ELSE k.value END, '$.state.metadata'),
                JSON_VALUE(CASE WHEN CAST(DATALENGTH(p.data) AS BIGINT) < 16777216 THEN p.data ELSE k.value END, '$.state.metadata')
              )
            ) AS BIGINT),
            0
          ) > COALESCE(
            CAST(DATALENGTH(
              COALESCE(
                JSON_QUERY(
                  CASE
                    WHEN JSON_QUERY(CASE WHEN CAST(DATALENGTH(p.data) AS BIGINT) < 16777216 THEN p.data ELSE k.value END, '$.state.metadata') IS NULL
                    THEN CASE WHEN CAST(DATALENGTH(p.data) AS BIGINT) < 16777216 THEN p.data ELSE k.value END
                    ELSE JSON_MODIFY(
                      CASE WHEN CAST(DATALENGTH(p.data) AS BIGINT) < 16777216 THEN p.data ELSE k.value END,
                      '$.state.metadata',
                      JSON_QUERY(
                        JSON_MODIFY(
                          JSON_MODIFY(
                            '{}',
                            '$.sessionId',
                            JSON_VALUE(
                              CASE WHEN CAST(DATALENGTH(p.data) AS BIGINT) < 16777216 THEN p.data ELSE k.value END,
                              '$.state.metadata.sessionId'
                            )
                          ),
                          '$.parentSessionId',
                          JSON_VALUE(
                            CASE WHEN CAST(DATALENGTH(p.data) AS BIGINT) < 16777216 THEN p.data ELSE k.value END,
                            '$.state.metadata.parentSessionId'
                          )
                        ),
                        '$'
                      )
                    )
                  END,
                  '$.state.metadata'
                ),
                JSON_VALUE(
                  CASE
                    WHEN JSON_QUERY(CASE WHEN CAST(DATALENGTH(p.data) AS BIGINT) < 16777216 THEN p.data ELSE k.value END, '$.state.metadata') IS NULL
                    THEN CASE WHEN CAST(DATALENGTH(p.data) AS BIGINT) < 16777216 THEN p.data ELSE k.value END
                    ELSE JSON_MODIFY(
                      CASE WHEN CAST(DATALENGTH(p.data) AS BIGINT) < 16777216 THEN p.data ELSE k.value END,
                      '$.state.metadata',
                      JSON_QUERY(
                        JSON_MODIFY(
                          JSON_MODIFY(
                            '{}',
                            '$.sessionId',
                            JSON_VALUE(
                              CASE WHEN CAST(DATALENGTH(p.data) AS BIGINT) < 16777216 THEN p.data ELSE k.value END,
                              '$.state.metadata.sessionId'
                            )
                          ),
                          '$.parentSessionId',
                          JSON_VALUE(
                            CASE WHEN CAST(DATALENGTH(p.data) AS BIGINT) < 16777216 THEN p.data ELSE k.value END,
                            '$.state.metadata.parentSessionId'
                          )
                        ),
                        '$'
                      )
                    )
                  END,
                  '$.state.metadata'
                )
              )
            ) AS BIGINT),
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

INSERT INTO #lc_broken (
  name,
  id
)
SELECT
  'part',
  p.id
FROM #lc_prompt AS u
JOIN message AS m
  ON m.session_id = u.session_id
JOIN part AS p
  ON p.message_id = m.id
LEFT JOIN #lc_skeleton AS k
  ON k.name = 'part' AND k.id = p.id
WHERE
  CASE WHEN m.time_created < u.created THEN 1 WHEN m.time_created = u.created AND m.id < u.id THEN 1 ELSE 0 END = 1
  AND ISJSON(CASE WHEN CAST(DATALENGTH(p.data) AS BIGINT) < 16777216 THEN p.data ELSE k.value END) = 0;

-- Beyond what is protected.
INSERT INTO #lc_target (
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
    o.id AS id,
    o.session_id AS session_id,
    o.octets AS octets,
    o.rest AS rest,
    o.stamp AS stamp,
    SUM(o.size) OVER (PARTITION BY o.session_id) AS worth
  FROM (
    SELECT
      r.id AS id,
      r.session_id AS session_id,
      r.size AS size,
      r.octets AS octets,
      r.rest AS rest,
      r.stamp AS stamp,
      SUM(r.size) OVER (
        PARTITION BY r.session_id
        ORDER BY r.created DESC, r.message_id DESC, r.id DESC
        ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
      ) AS walked
    FROM #lc_result AS r
  ) AS o
  WHERE
    o.walked > 160000
) AS w
WHERE
  w.worth > 80000 AND w.rest >= 0;

INSERT INTO #lc_too_large (
  name,
  id
)
SELECT
  'part',
  w.id
FROM (
  SELECT
    o.id AS id,
    o.session_id AS session_id,
    o.octets AS octets,
    o.rest AS rest,
    o.stamp AS stamp,
    SUM(o.size) OVER (PARTITION BY o.session_id) AS worth
  FROM (
    SELECT
      r.id AS id,
      r.session_id AS session_id,
      r.size AS size,
      r.octets AS octets,
      r.rest AS rest,
      r.stamp AS stamp,
      SUM(r.size) OVER (
        PARTITION BY r.session_id
        ORDER BY r.created DESC, r.message_id DESC, r.id DESC
        ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
      ) AS walked
    FROM #lc_result AS r
  ) AS o
  WHERE
    o.walked > 160000
) AS w
WHERE
  w.worth > 80000 AND w.rest < 0;
