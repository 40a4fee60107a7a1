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
  'compacted',
  'part',
  'data',
  ROW_NUMBER() OVER (ORDER BY p.id),
  p.id,
  NULL,
  p.compacted,
  p.bytes,
  p.stamp
FROM lc_piece AS p
WHERE
  NOT p.compacted IS NULL
  AND NOT p.id IS NULL
  AND NOT EXISTS(
    SELECT
      1
    FROM lc_stray AS s
    WHERE
      s.id = p.id AND s.name = 'part'
  );

-- Huge ones that it would shrink, and that say more than what would go.
INSERT INTO lc_too_large (
  name,
  id
)
SELECT
  k.name,
  k.id
FROM lc_skeleton AS k
WHERE
  k.name = 'part'
  AND CASE
    WHEN JSON_VALID(k.value) = 1
    THEN CASE
      WHEN JSON_EXTRACT(k.value, '$.type') = 'tool'
      THEN CASE
        WHEN JSON_EXTRACT(k.value, '$.state.status') = 'completed'
        AND COALESCE(LENGTH(CAST(JSON_EXTRACT(k.value, '$.state.time.compacted') AS BLOB)), 0) >= 13
        AND CASE
          WHEN TYPEOF(k.value) <> 'text'
          THEN 0
          WHEN JSON_VALID(k.value) = 0
          THEN 0
          WHEN LENGTH(CAST(PRINTF('%s', k.value) AS BLOB)) < LENGTH(CAST(k.value AS BLOB))
          THEN 0
          ELSE 1
        END = 1
        AND (
          COALESCE(JSON_EXTRACT(k.value, '$.state.output'), '') <> '[Old tool result content cleared]'
          OR CASE WHEN COALESCE(JSON_TYPE(k.value, '$.state.attachments'), 'null') = 'null' THEN 0 ELSE 1 END = 1
          OR COALESCE(LENGTH(CAST(JSON_EXTRACT(k.value, '$.state.metadata') AS BLOB)), 0) > COALESCE(
            LENGTH(
              CAST(JSON_EXTRACT(
                JSON_REPLACE(
                  k.value,
                  '$.state.metadata',
                  JSON(
                    JSON_PATCH(
                      '{}',
                      JSON_OBJECT(
                        'sessionId', k.value -> '$.state.metadata.sessionId',
                        'parentSessionId', k.value -> '$.state.metadata.parentSessionId'
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
  END = 1
  AND NOT JSON_REMOVE(
    JSON_SET(
      k.value,
      CASE WHEN JSON_TYPE(k.value, '$.state.metadata') IS NULL THEN '$.state.output' ELSE '$.state.metadata' END,
      JSON(
        JSON_PATCH(
          '{}',
          JSON_OBJECT(
            'sessionId', k.value -> '$.state.metadata.sessionId',
            'parentSessionId', k.value -> '$.state.metadata.parentSessionId'
          )
        )
      ),
      '$.state.output',
      '[Old tool result content cleared]'
    ),
    '$.state.attachments'
  ) NOT LIKE '%left out%'
  AND NOT EXISTS(
    SELECT
      1
    FROM lc_stray AS s
    WHERE
      s.id = k.id AND s.name = 'part'
  );
