UPDATE session_message SET data = (
  SELECT
    JSON_REPLACE(
      session_message.data,
      '$.content',
      JSON(
        '[' || COALESCE(
          GROUP_CONCAT(
            
              CASE
                WHEN e.said ->> '$[0]' = 'tool'
                AND e.said ->> '$[1]' = 'completed'
                AND e.said ->> '$[2]' <> 'skill'
                AND e.said -> '$[3]' <> 'true'
                AND e.held = 1
                THEN JSON_REMOVE(
                  JSON_REPLACE(
                    e.text,
                    '$.state.content',
                    JSON('[{"type":"text","text":"[Old tool result content cleared]"}]'),
                    '$.state.metadata',
                    JSON(
                      JSON_PATCH(
                        '{}',
                        JSON_OBJECT('sessionID', e.said -> '$[4]', 'sessionId', e.said -> '$[5]', 'parentSessionId', e.said -> '$[6]')
                      )
                    ),
                    '$.state.structured',
                    JSON(
                      JSON_PATCH(
                        '{}',
                        JSON_OBJECT('sessionID', e.said -> '$[7]', 'sessionId', e.said -> '$[8]', 'parentSessionId', e.said -> '$[9]')
                      )
                    )
                  ),
                  '$.state.attachments'
                )
                ELSE e.text
              END
            
          ),
          ''
        ) || ']'
      )
    )
  FROM (
    SELECT
      entry.value AS text,
      JSON_EXTRACT(
        entry.value,
        '$.type',
        '$.state.status',
        '$.name',
        '$.executed',
        '$.state.metadata.sessionID',
        '$.state.metadata.sessionId',
        '$.state.metadata.parentSessionId',
        '$.state.structured.sessionID',
        '$.state.structured.sessionId',
        '$.state.structured.parentSessionId'
      ) AS said,
      CASE JSON_ARRAY_LENGTH(entry.value, '$.state.content')
        WHEN 0
        THEN 0
        WHEN 1
        THEN COALESCE(JSON_EXTRACT(entry.value, '$.state.content[0].text'), '') <> '[Old tool result content cleared]'
        ELSE 1
      END AS held
    FROM JSON_EACH(session_message.data, '$.content') AS entry
    LIMIT -1
  ) AS e
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
