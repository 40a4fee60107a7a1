-- Messages of the batch, unless they changed since: the condition is the one they were found by.
UPDATE session_message SET data = JSON_MODIFY(
  session_message.data,
  '$.content',
  JSON_QUERY(
    (
      SELECT
        N'[' + STRING_AGG(
          CAST(CASE
            WHEN JSON_VALUE(item.value, '$.type') = 'tool'
            AND JSON_VALUE(item.value, '$.state.status') = 'completed'
            AND COALESCE(JSON_VALUE(item.value, '$.executed'), '') <> 'true'
            AND pieces.tally = 1
            AND COALESCE(JSON_VALUE(item.value, '$.state.content[0].text'), '') = '[Old tool result content cleared]'
            AND others.tally > 0
            THEN whole.value
            ELSE entry.value
          END AS NVARCHAR(MAX)),
          N','
        ) WITHIN GROUP (ORDER BY
          CAST(entry.[key] AS INTEGER)) + N']'
      FROM OPENJSON(session_message.data, '$.content') AS entry CROSS APPLY (
        SELECT
          CASE WHEN entry.type = 5 THEN entry.value ELSE N'{}' END AS value
      ) AS item CROSS APPLY (
        SELECT
          COUNT(*) AS tally
        FROM OPENJSON(item.value, '$.state.content')
      ) AS pieces CROSS APPLY (
        SELECT
          COUNT(*) AS tally
        FROM OPENJSON(item.value, '$.state.metadata') AS word
        WHERE
          NOT word.[key] IN ('sessionID', 'sessionId', 'parentSessionId')
      ) AS others CROSS APPLY (
        SELECT
          CASE
            WHEN JSON_QUERY(item.value, '$.state.metadata') IS NULL
            THEN item.value
            ELSE JSON_MODIFY(
              item.value,
              '$.state.metadata',
              JSON_QUERY(
                JSON_MODIFY(
                  JSON_MODIFY(
                    JSON_MODIFY('{}', '$.sessionID', JSON_VALUE(item.value, '$.state.metadata.sessionID')),
                    '$.sessionId',
                    JSON_VALUE(item.value, '$.state.metadata.sessionId')
                  ),
                  '$.parentSessionId',
                  JSON_VALUE(item.value, '$.state.metadata.parentSessionId')
                ),
                '$'
              )
            )
          END AS value
      ) AS whole
    ),
    '$'
  )
)
FROM #lc_chosen AS c
WHERE
  c.id = session_message.id
  AND CASE
    WHEN CASE
      WHEN session_message.type = 'assistant'
      THEN CASE
        WHEN ISJSON(session_message.data) = 1
        THEN CASE
          WHEN ISJSON(session_message.data) = 1
          AND CASE
            WHEN JSON_VALUE(session_message.data, '$.time.completed') IS NULL
            AND JSON_QUERY(session_message.data, '$.time.completed') IS NULL
            THEN 0
            ELSE 1
          END = 1
          THEN (
            SELECT
              CASE
                WHEN SUM(CASE WHEN entry.type = 5 THEN 0 ELSE 1 END) = 0
                THEN SUM(
                  CASE
                    WHEN JSON_VALUE(item.value, '$.type') = 'tool'
                    AND JSON_VALUE(item.value, '$.state.status') = 'completed'
                    AND COALESCE(JSON_VALUE(item.value, '$.executed'), '') <> 'true'
                    AND pieces.tally = 1
                    AND COALESCE(JSON_VALUE(item.value, '$.state.content[0].text'), '') = '[Old tool result content cleared]'
                    AND others.tally > 0
                    THEN 1
                  END
                )
              END
            FROM OPENJSON(session_message.data, '$.content') AS entry CROSS APPLY (
              SELECT
                CASE WHEN entry.type = 5 THEN entry.value ELSE N'{}' END AS value
            ) AS item CROSS APPLY (
              SELECT
                COUNT(*) AS tally
              FROM OPENJSON(item.value, '$.state.content')
            ) AS pieces CROSS APPLY (
              SELECT
                COUNT(*) AS tally
              FROM OPENJSON(item.value, '$.state.metadata') AS word
              WHERE
                NOT word.[key] IN ('sessionID', 'sessionId', 'parentSessionId')
            ) AS others
          )
        END
      END
    END > 0
    THEN 1
    ELSE 0
  END = 1;
