-- Parts of the batch, unless they changed since: the condition is the one they were found by.
UPDATE part
JOIN lc_chosen AS c
  ON TRUE SET part.data = JSON_REMOVE(
  JSON_SET(
    JSON_REPLACE(
      part.data,
      '$.state.metadata',
      JSON_MERGE_PATCH(
        '{}',
        JSON_OBJECT(
          'sessionId', JSON_EXTRACT(part.data, '$.state.metadata.sessionId'),
          'parentSessionId', JSON_EXTRACT(part.data, '$.state.metadata.parentSessionId')
        )
      )
    ),
    '$.state.output',
    '[Old tool result content cleared]'
  ),
  '$.state.attachments'
)
WHERE
  c.id = part.id
  AND CASE
    WHEN JSON_VALID(
      CASE
        WHEN JSON_VALID(part.data) = 1
        THEN part.data
        ELSE REGEXP_REPLACE(part.data, '(?<!\\\\)((?:\\\\\\\\)*)\\\\u[dD][89a-fA-F][0-9a-fA-F]{2}', '\\\\1?')
      END
    ) = 1
    THEN CASE
      WHEN JSON_VALUE(
        CASE
          WHEN JSON_VALID(part.data) = 1
          THEN part.data
          ELSE REGEXP_REPLACE(part.data, '(?<!\\\\)((?:\\\\\\\\)*)\\\\u[dD][89a-fA-F][0-9a-fA-F]{2}', '\\\\1?')
        END,
        '$.type'
      ) = 'tool'
      THEN CASE
        WHEN JSON_VALUE(
          CASE
            WHEN JSON_VALID(part.data) = 1
            THEN part.data
            ELSE REGEXP_REPLACE(part.data, '(?<!\\\\)((?:\\\\\\\\)*)\\\\u[dD][89a-fA-F][0-9a-fA-F]{2}', '\\\\1?')
          END,
          '$.state.status'
        ) = 'completed'
        AND COALESCE(
          OCTET_LENGTH(
            JSON_UNQUOTE(
              JSON_EXTRACT(
                CASE
                  WHEN JSON_VALID(part.data) = 1
                  THEN part.data
                  ELSE REGEXP_REPLACE(part.data, '(?<!\\\\)((?:\\\\\\\\)*)\\\\u[dD][89a-fA-F][0-9a-fA-F]{2}', '\\\\1?')
                END,
                '$.state.time.compacted'
              )
            )
          ),
          0
        ) >= 13
        AND JSON_VALID(part.data) = 1
        AND (
          COALESCE(
            JSON_VALUE(
              CASE
                WHEN JSON_VALID(part.data) = 1
                THEN part.data
                ELSE REGEXP_REPLACE(part.data, '(?<!\\\\)((?:\\\\\\\\)*)\\\\u[dD][89a-fA-F][0-9a-fA-F]{2}', '\\\\1?')
              END,
              '$.state.output'
            ),
            ''
          ) <> '[Old tool result content cleared]'
          OR CASE
            WHEN COALESCE(
              JSON_TYPE(
                JSON_EXTRACT(
                  CASE
                    WHEN JSON_VALID(part.data) = 1
                    THEN part.data
                    ELSE REGEXP_REPLACE(part.data, '(?<!\\\\)((?:\\\\\\\\)*)\\\\u[dD][89a-fA-F][0-9a-fA-F]{2}', '\\\\1?')
                  END,
                  '$.state.attachments'
                )
              ),
              'NULL'
            ) = 'NULL'
            THEN 0
            ELSE 1
          END = 1
          OR COALESCE(
            OCTET_LENGTH(
              JSON_UNQUOTE(
                JSON_EXTRACT(
                  CASE
                    WHEN JSON_VALID(part.data) = 1
                    THEN part.data
                    ELSE REGEXP_REPLACE(part.data, '(?<!\\\\)((?:\\\\\\\\)*)\\\\u[dD][89a-fA-F][0-9a-fA-F]{2}', '\\\\1?')
                  END,
                  '$.state.metadata'
                )
              )
            ),
            0
          ) > COALESCE(
            OCTET_LENGTH(
              JSON_UNQUOTE(
                JSON_EXTRACT(
                  CASE
                    WHEN JSON_VALID(
                      JSON_REPLACE(
                        part.data,
                        '$.state.metadata',
                        JSON_MERGE_PATCH(
                          '{}',
                          JSON_OBJECT(
                            'sessionId', JSON_EXTRACT(part.data, '$.state.metadata.sessionId'),
                            'parentSessionId', JSON_EXTRACT(part.data, '$.state.metadata.parentSessionId')
                          )
                        )
                      )
                    ) = 1
                    THEN JSON_REPLACE(
                      part.data,
                      '$.state.metadata',
                      JSON_MERGE_PATCH(
                        '{}',
                        JSON_OBJECT(
                          'sessionId', JSON_EXTRACT(part.data, '$.state.metadata.sessionId'),
                          'parentSessionId', JSON_EXTRACT(part.data, '$.state.metadata.parentSessionId')
                        )
                      )
                    )
                    ELSE REGEXP_REPLACE(
                      JSON_REPLACE(
                        part.data,
                        '$.state.metadata',
                        JSON_MERGE_PATCH(
                          '{}',
                          JSON_OBJECT(
                            'sessionId', JSON_EXTRACT(part.data, '$.state.metadata.sessionId'),
                            'parentSessionId', JSON_EXTRACT(part.data, '$.state.metadata.parentSessionId')
                          )
                        )
                      ),
                      '(?<!\\\\)((?:\\\\\\\\)*)\\\\u[dD][89a-fA-F][0-9a-fA-F]{2}',
                      '\\\\1?'
                    )
                  END,
                  '$.state.metadata'
                )
              )
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
  END = 1;
