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
                  WHEN JSON_VALUE(entry.value, '$.type') = 'tool' COLLATE utf8mb4_bin
                  AND JSON_VALUE(entry.value, '$.state.status') = 'completed' COLLATE utf8mb4_bin
                  AND JSON_VALUE(entry.value, '$.name') <> 'skill' COLLATE utf8mb4_bin
                  AND COALESCE(JSON_UNQUOTE(JSON_EXTRACT(entry.value, '$.executed')), '' COLLATE utf8mb4_bin) <> 'true'
                  AND COALESCE(JSON_TYPE(JSON_EXTRACT(entry.value, '$.state.content')), '') = 'ARRAY'
                  AND JSON_LENGTH(entry.value, '$.state.content') > 0
                  AND NOT (
                    JSON_LENGTH(entry.value, '$.state.content') = 1
                    AND COALESCE(JSON_VALUE(entry.value, '$.state.content[0].text'), '' COLLATE utf8mb4_bin) = '[Old tool result content cleared]'
                  )
                  THEN JSON_REMOVE(
                    JSON_REPLACE(
                      entry.value,
                      '$.state.content',
                      JSON_ARRAY(JSON_OBJECT('type', 'text', 'text', '[Old tool result content cleared]')),
                      '$.state.metadata',
                      JSON_MERGE_PATCH(
                        '{}',
                        JSON_OBJECT(
                          'sessionID', JSON_EXTRACT(entry.value, '$.state.metadata.sessionID'),
                          'sessionId', JSON_EXTRACT(entry.value, '$.state.metadata.sessionId'),
                          'parentSessionId', JSON_EXTRACT(entry.value, '$.state.metadata.parentSessionId')
                        )
                      ),
                      '$.state.structured',
                      JSON_MERGE_PATCH(
                        '{}',
                        JSON_OBJECT(
                          'sessionID', JSON_EXTRACT(entry.value, '$.state.structured.sessionID'),
                          'sessionId', JSON_EXTRACT(entry.value, '$.state.structured.sessionId'),
                          'parentSessionId', JSON_EXTRACT(entry.value, '$.state.structured.parentSessionId')
                        )
                      )
                    ),
                    '$.state.attachments'
                  )
                  ELSE entry.value
                END,
                '$'
              )
            )
          ) + 2 * COUNT(*) < LEAST(@@group_concat_max_len, @@max_allowed_packet)
          THEN JSON_ARRAYAGG(
            JSON_EXTRACT(
              CASE
                WHEN JSON_VALUE(entry.value, '$.type') = 'tool' COLLATE utf8mb4_bin
                AND JSON_VALUE(entry.value, '$.state.status') = 'completed' COLLATE utf8mb4_bin
                AND JSON_VALUE(entry.value, '$.name') <> 'skill' COLLATE utf8mb4_bin
                AND COALESCE(JSON_UNQUOTE(JSON_EXTRACT(entry.value, '$.executed')), '' COLLATE utf8mb4_bin) <> 'true'
                AND COALESCE(JSON_TYPE(JSON_EXTRACT(entry.value, '$.state.content')), '') = 'ARRAY'
                AND JSON_LENGTH(entry.value, '$.state.content') > 0
                AND NOT (
                  JSON_LENGTH(entry.value, '$.state.content') = 1
                  AND COALESCE(JSON_VALUE(entry.value, '$.state.content[0].text'), '' COLLATE utf8mb4_bin) = '[Old tool result content cleared]'
                )
                THEN JSON_REMOVE(
                  JSON_REPLACE(
                    entry.value,
                    '$.state.content',
                    JSON_ARRAY(JSON_OBJECT('type', 'text', 'text', '[Old tool result content cleared]')),
                    '$.state.metadata',
                    JSON_MERGE_PATCH(
                      '{}',
                      JSON_OBJECT(
                        'sessionID', JSON_EXTRACT(entry.value, '$.state.metadata.sessionID'),
                        'sessionId', JSON_EXTRACT(entry.value, '$.state.metadata.sessionId'),
                        'parentSessionId', JSON_EXTRACT(entry.value, '$.state.metadata.parentSessionId')
                      )
                    ),
                    '$.state.structured',
                    JSON_MERGE_PATCH(
                      '{}',
                      JSON_OBJECT(
                        'sessionID', JSON_EXTRACT(entry.value, '$.state.structured.sessionID'),
                        'sessionId', JSON_EXTRACT(entry.value, '$.state.structured.sessionId'),
                        'parentSessionId', JSON_EXTRACT(entry.value, '$.state.structured.parentSessionId')
                      )
                    )
                  ),
                  '$.state.attachments'
                )
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
                      WHEN JSON_VALUE(entry.value, '$.type') = 'tool' COLLATE utf8mb4_bin
                      AND JSON_VALUE(entry.value, '$.state.status') = 'completed' COLLATE utf8mb4_bin
                      AND JSON_VALUE(entry.value, '$.name') <> 'skill' COLLATE utf8mb4_bin
                      AND COALESCE(JSON_UNQUOTE(JSON_EXTRACT(entry.value, '$.executed')), '' COLLATE utf8mb4_bin) <> 'true'
                      AND COALESCE(JSON_TYPE(JSON_EXTRACT(entry.value, '$.state.content')), '') = 'ARRAY'
                      AND JSON_LENGTH(entry.value, '$.state.content') > 0
                      AND NOT (
                        JSON_LENGTH(entry.value, '$.state.content') = 1
                        AND COALESCE(JSON_VALUE(entry.value, '$.state.content[0].text'), '' COLLATE utf8mb4_bin) = '[Old tool result content cleared]'
                      )
                      THEN (
                        SELECT
                          SUM(COALESCE(OCTET_LENGTH(COALESCE(piece.text, piece.uri)), 0))
                        FROM JSON_TABLE(entry.value, '$.state.content[*]' COLUMNS(text LONGTEXT PATH '$.text', uri LONGTEXT PATH '$.uri')) AS piece
                      )
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
