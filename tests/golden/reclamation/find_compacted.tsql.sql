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
  'compacted',
  'part',
  'data',
  ROW_NUMBER() OVER (ORDER BY p.id),
  p.id,
  NULL,
  p.compacted,
  p.bytes,
  p.stamp
FROM #lc_piece AS p
WHERE
  NOT p.compacted IS NULL
  AND NOT p.id IS NULL
  AND NOT EXISTS(
    SELECT
      1
    FROM #lc_stray AS s
    WHERE
      s.id = p.id AND s.name = 'part'
  );

-- Huge ones that it would shrink, and that say more than what would go.
INSERT INTO #lc_too_large (
  name,
  id
)
SELECT
  k.name,
  k.id
FROM #lc_skeleton AS k
WHERE
  k.name = 'part'
  AND CASE
    WHEN ISJSON(k.value) = 1
    THEN CASE
      WHEN JSON_VALUE(k.value, '$.type') = 'tool'
      THEN CASE
        WHEN JSON_VALUE(k.value, '$.state.status') = 'completed'
        AND COALESCE(
          CAST(DATALENGTH(COALESCE(JSON_QUERY(k.value, '$.state.time.compacted'), JSON_VALUE(k.value, '$.state.time.compacted'))) AS BIGINT),
          0
        ) >= 13
        AND ISJSON(k.value) = 1
        AND (
          COALESCE(JSON_VALUE(k.value, '$.state.output'), '') <> '[Old tool result content cleared]'
          OR CASE
            WHEN JSON_VALUE(k.value, '$.state.attachments') IS NULL AND JSON_QUERY(k.value, '$.state.attachments') IS NULL
            THEN 0
            ELSE 1
          END = 1
          OR COALESCE(
            CAST(DATALENGTH(COALESCE(JSON_QUERY(k.value, '$.state.metadata'), JSON_VALUE(k.value, '$.state.metadata'))) AS BIGINT),
            0
          ) > COALESCE(
            CAST(DATALENGTH(
              COALESCE(
                JSON_QUERY(
                  CASE
                    WHEN JSON_QUERY(k.value, '$.state.metadata') IS NULL
                    THEN k.value
                    ELSE JSON_MODIFY(
                      k.value,
                      '$.state.metadata',
                      JSON_QUERY(
                        JSON_MODIFY(
                          JSON_MODIFY('{}', '$.sessionId', JSON_VALUE(k.value, '$.state.metadata.sessionId')),
                          '$.parentSessionId',
                          JSON_VALUE(k.value, '$.state.metadata.parentSessionId')
                        ),
                        '$'
                      )
                    )
                  END,
                  '$.state.metadata'
                ),
                JSON_VALUE(
                  CASE
                    WHEN JSON_QUERY(k.value, '$.state.metadata') IS NULL
                    THEN k.value
                    ELSE JSON_MODIFY(
                      k.value,
                      '$.state.metadata',
                      JSON_QUERY(
                        JSON_MODIFY(
                          JSON_MODIFY('{}', '$.sessionId', JSON_VALUE(k.value, '$.state.metadata.sessionId')),
                          '$.parentSessionId',
                          JSON_VALUE(k.value, '$.state.metadata.parentSessionId')
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
  END = 1
  AND NOT JSON_MODIFY(
    JSON_MODIFY(
      CASE
        WHEN JSON_QUERY(k.value, '$.state.metadata') IS NULL
        THEN k.value
        ELSE JSON_MODIFY(
          k.value,
          '$.state.metadata',
          JSON_QUERY(
            JSON_MODIFY(
              JSON_MODIFY('{}', '$.sessionId', JSON_VALUE(k.value, '$.state.metadata.sessionId')),
              '$.parentSessionId',
              JSON_VALUE(k.value, '$.state.metadata.parentSessionId')
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
  AND NOT EXISTS(
    SELECT
      1
    FROM #lc_stray AS s
    WHERE
      s.id = k.id AND s.name = 'part'
  );
