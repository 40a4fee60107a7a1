-- Parts that may be marked: `compacted` are the octets that go from tool results which the client has marked as cleared
-- and keeps all the same. A row that is no JSON counts as such. Only what may be marked is parsed: the head of the text
-- leaves out most, and looking for the word is three times as fast as parsing.
INSERT INTO lc_piece (
  id,
  kind,
  bytes,
  stamp,
  compacted
)
SELECT
  p.id,
  CASE
    WHEN LENGTH(CAST(p.data AS BLOB)) >= 16777216
    THEN 'huge'
    WHEN JSON_VALID(p.data) = 1
    THEN COALESCE(JSON_EXTRACT(p.data, '$.type'), 'no type')
    ELSE 'invalid json'
  END,
  COALESCE(LENGTH(CAST(p.data AS BLOB)), 0),
  COALESCE(CASE WHEN TYPEOF(p.time_updated) = 'integer' AND p.time_updated >= 1000000000000 THEN p.time_updated END, 0),
  CASE
    WHEN LENGTH(CAST(p.data AS BLOB)) >= 16777216
    THEN NULL
    WHEN p.data LIKE '%"compacted"%'
    THEN CASE
      WHEN CASE
        WHEN JSON_VALID(p.data) = 1
        THEN CASE
          WHEN JSON_EXTRACT(p.data, '$.type') = 'tool'
          THEN CASE
            WHEN JSON_EXTRACT(p.data, '$.state.status') = 'completed'
            AND COALESCE(LENGTH(CAST(JSON_EXTRACT(p.data, '$.state.time.compacted') AS BLOB)), 0) >= 13
            AND CASE
              WHEN TYPEOF(p.data) <> 'text'
              THEN 0
              WHEN JSON_VALID(p.data) = 0
              THEN 0
              WHEN LENGTH(CAST(PRINTF('%s', p.data) AS BLOB)) < LENGTH(CAST(p.data AS BLOB))
              THEN 0
              ELSE 1
            END = 1
            AND (
              COALESCE(JSON_EXTRACT(p.data, '$.state.output'), '') <> '[Old tool result content cleared]'
              OR CASE WHEN COALESCE(JSON_TYPE(p.data, '$.state.attachments'), 'null') = 'null' THEN 0 ELSE 1 END = 1
              OR COALESCE(LENGTH(CAST(JSON_EXTRACT(p.data, '$.state.metadata') AS BLOB)), 0) > COALESCE(
                LENGTH(
                  CAST(JSON_EXTRACT(
                    JSON_REPLACE(
                      p.data,
                      '$.state.metadata',
                      JSON(
                        JSON_PATCH(
                          '{}',
                          JSON_OBJECT(
                            'sessionId', p.data -> '$.state.metadata.sessionId',
                            'parentSessionId', p.data -> '$.state.metadata.parentSessionId'
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
      THEN LENGTH(CAST(p.data AS BLOB)) - LENGTH(
        CAST(JSON_REMOVE(
          JSON_SET(
            p.data,
            CASE WHEN JSON_TYPE(p.data, '$.state.metadata') IS NULL THEN '$.state.output' ELSE '$.state.metadata' END,
            JSON(
              JSON_PATCH(
                '{}',
                JSON_OBJECT(
                  'sessionId', p.data -> '$.state.metadata.sessionId',
                  'parentSessionId', p.data -> '$.state.metadata.parentSessionId'
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
  END
FROM part AS p
WHERE
  LENGTH(CAST(p.data AS BLOB)) >= 16777216
  OR NOT SUBSTRING(p.data, 1, 13) IN ('{"type":"text', '{"type":"step', '{"type":"reas', '{"type":"patc', '{"type":"file')
  AND p.data LIKE '%"compacted"%';
