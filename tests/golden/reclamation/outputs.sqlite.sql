UPDATE part SET data = JSON_REMOVE(
  JSON_SET(
    JSON_REPLACE(
      part.data,
      '$.state.metadata',
      JSON(
        JSON_PATCH(
          '{}',
          JSON_OBJECT(
            'sessionId', part.data -> '$.state.metadata.sessionId',
            'parentSessionId', part.data -> '$.state.metadata.parentSessionId'
          )
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
          WHEN INSTR(CAST(part.data AS BLOB), CAST(CHAR(0) AS BLOB)) > 0
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
