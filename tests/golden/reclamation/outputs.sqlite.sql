UPDATE part SET data = JSON_REMOVE(
  JSON_SET(
    part.data,
    CASE WHEN JSON_TYPE(part.data, '$.state.metadata') IS NULL THEN '$.state.output' ELSE '$.state.metadata' END,
    JSON(
      JSON_PATCH(
        '{}',
        JSON_OBJECT(
          'sessionId', part.data -> '$.state.metadata.sessionId',
          'parentSessionId', part.data -> '$.state.metadata.parentSessionId'
        )
      )
    ),
    '$.state.output',
    '[Old tool result content cleared]'
  ),
  '$.state.attachments'
)
FROM lc_chosen AS c
WHERE
  c.id = part.id
  AND CASE
    WHEN JSON_VALID(part.data) = 1
    THEN CASE
      WHEN JSON_EXTRACT(part.data, '$.type') = 'tool'
      THEN CASE
        WHEN JSON_EXTRACT(part.data, '$.state.status') = 'completed'
        AND COALESCE(JSON_EXTRACT(part.data, '$.tool'), '') <> 'skill'
        AND COALESCE(JSON_EXTRACT(part.data, '$.state.output'), '') <> '[Old tool result content cleared]'
        AND CASE
          WHEN TYPEOF(part.data) <> 'text'
          THEN 0
          WHEN JSON_VALID(part.data) = 0
          THEN 0
          WHEN LENGTH(CAST(PRINTF('%s', part.data) AS BLOB)) < LENGTH(CAST(part.data AS BLOB))
          THEN 0
          ELSE 1
        END = 1
        THEN 1
        ELSE 0
      END
      ELSE 0
    END
    ELSE 0
  END = 1;
