UPDATE part SET data = JSON_MODIFY(
  JSON_MODIFY(
    CASE
      WHEN JSON_QUERY(part.data, '$.state.metadata') IS NULL
      THEN part.data
      ELSE JSON_MODIFY(
        part.data,
        '$.state.metadata',
        JSON_QUERY(
          JSON_MODIFY(
            JSON_MODIFY('{}', '$.sessionId', JSON_VALUE(part.data, '$.state.metadata.sessionId')),
            '$.parentSessionId',
            JSON_VALUE(part.data, '$.state.metadata.parentSessionId')
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
FROM #lc_chosen AS c
WHERE
  c.id = part.id
  AND CASE
    WHEN ISJSON(part.data) = 1
    THEN CASE
      WHEN JSON_VALUE(part.data, '$.type') = 'tool'
      THEN CASE
        WHEN JSON_VALUE(part.data, '$.state.status') = 'completed'
        AND COALESCE(JSON_VALUE(part.data, '$.tool'), '') <> 'skill'
        AND COALESCE(JSON_VALUE(part.data, '$.state.output'), '') <> '[Old tool result content cleared]'
        AND ISJSON(part.data) = 1
        THEN 1
        ELSE 0
      END
      ELSE 0
    END
    ELSE 0
  END = 1;
