-- Parts that may be marked: `compacted` are the octets that go from tool results which the client has marked as cleared
-- and keeps all the same. A row that is no JSON counts as such. Only what may be marked is parsed: the head of the text
-- leaves out most, and looking for the word is three times as fast as parsing.
INSERT INTO #lc_piece (
  id,
  kind,
  bytes,
  stamp,
  compacted
)
SELECT
  p.id,
  CASE
    WHEN CAST(DATALENGTH(p.data) AS BIGINT) >= 16777216
    THEN 'huge'
    WHEN ISJSON(p.data) = 1
    THEN COALESCE(JSON_VALUE(p.data, '$.type'), 'no type')
    ELSE 'invalid json'
  END,
  COALESCE(CAST(DATALENGTH(p.data) AS BIGINT), 0),
  COALESCE(CASE WHEN p.time_updated >= 1000000000000 THEN p.time_updated END, 0),
  CASE
    WHEN CAST(DATALENGTH(p.data) AS BIGINT) >= 16777216
    THEN NULL
    WHEN p.data LIKE '%"compacted"%'
    THEN CASE
      WHEN CASE
        WHEN ISJSON(p.data) = 1
        THEN CASE
          WHEN JSON_VALUE(p.data, '$.type') = 'tool'
          THEN CASE
            WHEN JSON_VALUE(p.data, '$.state.status') = 'completed'
            AND COALESCE(
              CAST(DATALENGTH(COALESCE(JSON_QUERY(p.data, '$.state.time.compacted'), JSON_VALUE(p.data, '$.state.time.compacted'))) AS BIGINT),
              0
            ) >= 13
            AND ISJSON(p.data) = 1
            AND (
              COALESCE(JSON_VALUE(p.data, '$.state.output'), '') <> '[Old tool result content cleared]'
              OR CASE
                WHEN JSON_VALUE(p.data, '$.state.attachments') IS NULL AND JSON_QUERY(p.data, '$.state.attachments') IS NULL
                THEN 0
                ELSE 1
              END = 1
              OR COALESCE(
                CAST(DATALENGTH(COALESCE(JSON_QUERY(p.data, '$.state.metadata'), JSON_VALUE(p.data, '$.state.metadata'))) AS BIGINT),
                0
              ) > COALESCE(
                CAST(DATALENGTH(
                  COALESCE(
                    JSON_QUERY(
                      CASE
                        WHEN JSON_QUERY(p.data, '$.state.metadata') IS NULL
                        THEN p.data
                        ELSE JSON_MODIFY(
                          p.data,
                          '$.state.metadata',
                          JSON_QUERY(
                            JSON_MODIFY(
                              JSON_MODIFY('{}', '$.sessionId', JSON_VALUE(p.data, '$.state.metadata.sessionId')),
                              '$.parentSessionId',
                              JSON_VALUE(p.data, '$.state.metadata.parentSessionId')
                            ),
                            '$'
                          )
                        )
                      END,
                      '$.state.metadata'
                    ),
                    JSON_VALUE(
                      CASE
                        WHEN JSON_QUERY(p.data, '$.state.metadata') IS NULL
                        THEN p.data
                        ELSE JSON_MODIFY(
                          p.data,
                          '$.state.metadata',
                          JSON_QUERY(
                            JSON_MODIFY(
                              JSON_MODIFY('{}', '$.sessionId', JSON_VALUE(p.data, '$.state.metadata.sessionId')),
                              '$.parentSessionId',
                              JSON_VALUE(p.data, '$.state.metadata.parentSessionId')
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
      THEN CAST(DATALENGTH(p.data) AS BIGINT) - CAST(DATALENGTH(
        JSON_MODIFY(
          JSON_MODIFY(
            CASE
              WHEN JSON_QUERY(p.data, '$.state.metadata') IS NULL
              THEN p.data
              ELSE JSON_MODIFY(
                p.data,
                '$.state.metadata',
                JSON_QUERY(
                  JSON_MODIFY(
                    JSON_MODIFY('{}', '$.sessionId', JSON_VALUE(p.data, '$.state.metadata.sessionId')),
                    '$.parentSessionId',
                    JSON_VALUE(p.data, '$.state.metadata.parentSessionId')
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
    END
  END
FROM part AS p
WHERE
  CAST(DATALENGTH(p.data) AS BIGINT) >= 16777216
  OR NOT SUBSTRING(p.data, 1, 13) IN ('{"type":"text', '{"type":"step', '{"type":"reas', '{"type":"patc', '{"type":"file')
  AND p.data LIKE '%"compacted"%';
