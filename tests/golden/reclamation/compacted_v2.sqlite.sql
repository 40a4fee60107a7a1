-- Messages of the batch, unless they changed since: the condition is the one they were found by.
UPDATE session_message SET data = (
  SELECT
    JSON_REPLACE(
      session_message.data,
      '$.content',
      JSON(
        '[' || COALESCE(
          GROUP_CONCAT(
            
              CASE
                WHEN e.said ->> '$[0]' = 'tool' AND e.said ->> '$[1]' = 'completed' AND e.said -> '$[2]' <> 'true' AND e.heavy = 1
                THEN JSON_REPLACE(
                  e.text,
                  '$.state.metadata',
                  JSON(
                    JSON_PATCH(
                      '{}',
                      JSON_OBJECT('sessionID', e.said -> '$[3]', 'sessionId', e.said -> '$[4]', 'parentSessionId', e.said -> '$[5]')
                    )
                  )
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
        '$.executed',
        '$.state.metadata.sessionID',
        '$.state.metadata.sessionId',
        '$.state.metadata.parentSessionId'
      ) AS said,
      CASE
        WHEN JSON_ARRAY_LENGTH(entry.value, '$.state.content') = 1
        AND COALESCE(JSON_EXTRACT(entry.value, '$.state.content[0].text'), '') = '[Old tool result content cleared]'
        AND JSON_TYPE(entry.value, '$.state.metadata') = 'object'
        THEN JSON_REMOVE(entry.value -> '$.state.metadata', '$.sessionID', '$.sessionId', '$.parentSessionId') <> '{}'
      END AS heavy
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
                      AND JSON_ARRAY_LENGTH(session_message.data, entry.fullkey || '.state.content') = 1
                      AND COALESCE(JSON_EXTRACT(session_message.data, entry.fullkey || '.state.content[0].text'), '') = '[Old tool result content cleared]'
                      AND JSON_TYPE(session_message.data, entry.fullkey || '.state.metadata') = 'object'
                      AND JSON_REMOVE(session_message.data -> (
                        entry.fullkey || '.state.metadata'
                      ), '$.sessionID', '$.sessionId', '$.parentSessionId') <> '{}'
                      THEN 1
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
