-- Huge parts anew, by their skeletons. What could not be told by its skeleton alone stays as it is.
DELETE FROM lc_piece
WHERE
  bytes >= 16777216;

INSERT INTO lc_piece (
  id,
  kind,
  bytes,
  stamp,
  compacted
)
SELECT
  k.id,
  CASE
    WHEN JSON_VALID(k.value) = 1
    THEN COALESCE(JSON_EXTRACT(k.value, '$.type'), 'no type')
    ELSE 'invalid json'
  END,
  k.octets,
  COALESCE(CASE WHEN TYPEOF(p.time_updated) = 'integer' AND p.time_updated >= 1000000000000 THEN p.time_updated END, 0),
  CASE
    WHEN CASE
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
    AND JSON_REMOVE(
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
    THEN k.octets - LENGTH(
      CAST(JSON_REMOVE(
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
      ) AS BLOB)
    )
  END
FROM lc_skeleton AS k
JOIN part AS p
  ON p.id = k.id
WHERE
  k.name = 'part' AND k.value LIKE '%"compacted"%';
