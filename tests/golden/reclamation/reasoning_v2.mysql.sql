UPDATE session_message
JOIN lc_chosen AS c
  ON TRUE SET session_message.data = JSON_REPLACE(
  session_message.data,
  '$.content',
  JSON_EXTRACT(
    (
      SELECT
        CASE
          WHEN SUM(
            OCTET_LENGTH(
              JSON_EXTRACT(
                CASE
                  WHEN JSON_VALUE(entry.value, '$.type') = 'reasoning' COLLATE utf8mb4_bin
                  THEN JSON_REMOVE(JSON_REPLACE(entry.value, '$.text', ''), '$.state', '$.native')
                  ELSE entry.value
                END,
                '$'
              )
            )
          ) + 2 * COUNT(*) < LEAST(@@group_concat_max_len, @@max_allowed_packet)
          THEN JSON_ARRAYAGG(
            JSON_EXTRACT(
              CASE
                WHEN JSON_VALUE(entry.value, '$.type') = 'reasoning' COLLATE utf8mb4_bin
                THEN JSON_REMOVE(JSON_REPLACE(entry.value, '$.text', ''), '$.state', '$.native')
                ELSE entry.value
              END,
              '$'
            )
          )
          ELSE JSON_EXTRACT(session_message.data, '$.content') COLLATE utf8mb4_bin
        END
      FROM JSON_TABLE(session_message.data, '$.content[*]' COLUMNS(value JSON PATH '$')) AS entry
    ),
    '$'
  )
)
WHERE
  c.id = session_message.id
  AND CASE
    WHEN CASE
      WHEN session_message.type = 'assistant'
      THEN CASE
        WHEN JSON_VALID(
          CASE
            WHEN JSON_VALID(session_message.data) = 1
            THEN session_message.data
            ELSE REGEXP_REPLACE(session_message.data, '(?<!\\\\)((?:\\\\\\\\)*)\\\\u[dD][89a-fA-F][0-9a-fA-F]{2}', '\\\\1?')
          END
        ) = 1
        THEN CASE
          WHEN JSON_VALID(session_message.data) = 1
          AND CASE
            WHEN COALESCE(
              JSON_TYPE(
                JSON_EXTRACT(
                  CASE
                    WHEN JSON_VALID(session_message.data) = 1
                    THEN session_message.data
                    ELSE REGEXP_REPLACE(session_message.data, '(?<!\\\\)((?:\\\\\\\\)*)\\\\u[dD][89a-fA-F][0-9a-fA-F]{2}', '\\\\1?')
                  END,
                  '$.time.completed'
                )
              ),
              'NULL'
            ) = 'NULL'
            THEN 0
            ELSE 1
          END = 1
          THEN CASE
            WHEN JSON_TYPE(JSON_EXTRACT(session_message.data, '$.content')) = 'ARRAY'
            THEN (
              SELECT
                CASE
                  WHEN SUM(CASE WHEN JSON_TYPE(entry.value) = 'OBJECT' THEN 0 ELSE 1 END) = 0
                  THEN SUM(
                    CASE
                      WHEN JSON_VALUE(entry.value, '$.type') = 'reasoning' COLLATE utf8mb4_bin
                      AND (
                        COALESCE(OCTET_LENGTH(JSON_UNQUOTE(JSON_EXTRACT(entry.value, '$.text'))), 0) > 0
                        OR JSON_CONTAINS_PATH(entry.value, 'one', '$.state', '$.native') = 1
                      )
                      THEN 1
                    END
                  )
                END
              FROM JSON_TABLE(session_message.data, '$.content[*]' COLUMNS(value JSON PATH '$')) AS entry
            )
          END
        END
      END
    END > 0
    THEN 1
    ELSE 0
  END = 1;
