UPDATE session_message SET data = JSON_REPLACE(
  session_message.data,
  '$.content',
  JSON(
    (
      SELECT
        JSON_GROUP_ARRAY(
          JSON(
            CASE
              WHEN JSON_EXTRACT(entry.value, '$.type') = 'tool'
              AND JSON_EXTRACT(entry.value, '$.state.status') = 'completed'
              AND JSON_EXTRACT(entry.value, '$.name') <> 'skill'
              AND COALESCE(JSON_TYPE(entry.value, '$.executed'), '') <> 'true'
              AND JSON_ARRAY_LENGTH(entry.value, '$.state.content') > 0
              AND NOT (
                JSON_ARRAY_LENGTH(entry.value, '$.state.content') = 1
                AND COALESCE(JSON_EXTRACT(entry.value, '$.state.content[0].text'), '') = '[Old tool result content cleared]'
              )
              THEN JSON_REMOVE(
                JSON_REPLACE(
                  entry.value,
                  '$.state.content',
                  JSON('[{"type":"text","text":"[Old tool result content cleared]"}]'),
                  '$.state.metadata',
                  JSON(
                    JSON_PATCH(
                      '{}',
                      JSON_OBJECT(
                        'sessionID', entry.value -> '$.state.metadata.sessionID',
                        'sessionId', entry.value -> '$.state.metadata.sessionId',
                        'parentSessionId', entry.value -> '$.state.metadata.parentSessionId'
                      )
                    )
                  ),
                  '$.state.structured',
                  JSON(
                    JSON_PATCH(
                      '{}',
                      JSON_OBJECT(
                        'sessionID', entry.value -> '$.state.structured.sessionID',
                        'sessionId', entry.value -> '$.state.structured.sessionId',
                        'parentSessionId', entry.value -> '$.state.structured.parentSessionId'
                      )
                    )
                  )
                ),
                '$.state.attachments'
              )
              ELSE entry.value
            END
          )
        )
      FROM JSON_EACH(session_message.data, '$.content') AS entry
    )
  )
)
FROM lc_chosen AS c
WHERE
  c.id = session_message.id
  AND CASE
    WHEN CASE
      WHEN session_message.type = 'assistant'
      THEN CASE
        WHEN JSON_VALID(session_message.data) = 1
        THEN CASE
          WHEN CASE
            WHEN TYPEOF(session_message.data) <> 'text'
            THEN 0
            WHEN JSON_VALID(session_message.data) = 0
            THEN 0
            WHEN LENGTH(CAST(PRINTF('%s', session_message.data) AS BLOB)) < LENGTH(CAST(session_message.data AS BLOB))
            THEN 0
            ELSE 1
          END = 1
          AND CASE WHEN COALESCE(JSON_TYPE(session_message.data, '$.time.completed'), 'null') = 'null' THEN 0 ELSE 1 END = 1
          THEN CASE
            WHEN JSON_TYPE(session_message.data, '$.content') = 'array'
            THEN (
              SELECT
                CASE
                  WHEN SUM(CASE WHEN entry.type = 'object' THEN 0 ELSE 1 END) = 0
                  THEN SUM(
                    CASE
                      WHEN JSON_EXTRACT(session_message.data, entry.fullkey || '.type') = 'tool'
                      AND JSON_EXTRACT(session_message.data, entry.fullkey || '.state.status') = 'completed'
                      AND COALESCE(JSON_TYPE(session_message.data, entry.fullkey || '.executed'), '') <> 'true'
                      AND JSON_EXTRACT(session_message.data, entry.fullkey || '.name') <> 'skill'
                      AND JSON_ARRAY_LENGTH(session_message.data, entry.fullkey || '.state.content') > 0
                      AND NOT (
                        JSON_ARRAY_LENGTH(session_message.data, entry.fullkey || '.state.content') = 1
                        AND COALESCE(JSON_EXTRACT(session_message.data, entry.fullkey || '.state.content[0].text'), '') = '[Old tool result content cleared]'
                      )
                      THEN (
                        SELECT
                          SUM(
                            COALESCE(
                              LENGTH(
                                CAST(COALESCE(
                                  JSON_EXTRACT(session_message.data, piece.fullkey || '.text'),
                                  JSON_EXTRACT(session_message.data, piece.fullkey || '.uri')
                                ) AS BLOB)
                              ),
                              0
                            )
                          )
                        FROM JSON_EACH(session_message.data, entry.fullkey || '.state.content') AS piece
                      )
                    END
                  )
                END
              FROM JSON_EACH(session_message.data, '$.content') AS entry
            )
          END
        END
      END
    END > 0
    THEN 1
    ELSE 0
  END = 1;
