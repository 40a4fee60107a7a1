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
          JSON_VALUE(
            CASE
              WHEN JSON_VALID(part.data) = 1
              THEN part.data
              ELSE REGEXP_REPLACE(part.data, '(?<!\\\\)((?:\\\\\\\\)*)\\\\u[dD][89a-fA-F][0-9a-fA-F]{2}', '\\\\1?')
            END,
            '$.tool'
          ),
          ''
        ) <> 'skill'
        AND COALESCE(
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
        AND JSON_VALID(part.data) = 1
        THEN 1
        ELSE 0
      END
      ELSE 0
    END
    ELSE 0
  END = 1;
