UPDATE session_message SET data = JSON_MODIFY(
  session_message.data,
  '$.content',
  JSON_QUERY(
    (
      SELECT
        N'[' + STRING_AGG(
          CAST(CASE
            WHEN JSON_VALUE(item.value, '$.type') = 'reasoning'
            THEN JSON_MODIFY(JSON_MODIFY(JSON_MODIFY(item.value, '$.text', ''), '$.state', NULL), '$.native', NULL)
            ELSE entry.value
          END AS NVARCHAR(MAX)),
          N','
        ) WITHIN GROUP (ORDER BY
          CAST(entry.[key] AS INTEGER)) + N']'
      FROM OPENJSON(session_message.data, '$.content') AS entry CROSS APPLY (
        SELECT
          CASE WHEN entry.type = 5 THEN entry.value ELSE N'{}' END AS value
      ) AS item
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
                    WHEN JSON_VALUE(item.value, '$.type') = 'reasoning'
                    AND (
                      COALESCE(JSON_VALUE(item.value, '$.text'), 'long') <> ''
                      OR NOT JSON_QUERY(item.value, '$.state') IS NULL
                      OR NOT JSON_QUERY(item.value, '$.native') IS NULL
                    )
                    THEN 1
                  END
                )
              END
            FROM OPENJSON(session_message.data, '$.content') AS entry CROSS APPLY (
              SELECT
                CASE WHEN entry.type = 5 THEN entry.value ELSE N'{}' END AS value
            ) AS item
          )
        END
      END
    END > 0
    THEN 1
    ELSE 0
  END = 1;
