-- Parts of the batch, unless they changed since: the condition is the one they were found by.
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
  AND CAST(DATALENGTH(part.data) AS BIGINT) < 16777216
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

-- Huge ones by their skeletons, which say what would become of them.
UPDATE part SET data = JSON_MODIFY(
  JSON_MODIFY(
    CASE
      WHEN JSON_QUERY(k.value, '$.state.metadata') IS NULL
      THEN k.value
      ELSE JSON_MODIFY(
        k.value,
        '$.state.metadata',
        JSON_QUERY(
          JSON_MODIFY(
            JSON_MODIFY('{}', '$.sessionId', JSON_VALUE(k.value, '$.state.metadata.sessionId')),
            '$.parentSessionId',
            JSON_VALUE(k.value, '$.state.metadata.parentSessionId')
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
FROM #lc_skeleton AS k
WHERE
  k.name = 'part'
  AND k.id = part.id
  AND part.id IN (
    SELECT
      c.id
    FROM #lc_chosen AS c
  )
  AND CASE
    WHEN ISJSON(k.value) = 1
    THEN CASE
      WHEN JSON_VALUE(k.value, '$.type') = 'tool'
      THEN CASE
        WHEN JSON_VALUE(k.value, '$.state.status') = 'completed'
        AND COALESCE(JSON_VALUE(k.value, '$.tool'), '') <> 'skill'
        AND COALESCE(JSON_VALUE(k.value, '$.state.output'), '') <> '[Old tool result content cleared]'
        AND ISJSON(k.value) = 1
        THEN 1
        ELSE 0
      END
      ELSE 0
    END
    ELSE 0
  END = 1
  AND JSON_MODIFY(
    JSON_MODIFY(
      CASE
        WHEN JSON_QUERY(k.value, '$.state.metadata') IS NULL
        THEN k.value
        ELSE JSON_MODIFY(
          k.value,
          '$.state.metadata',
          JSON_QUERY(
            JSON_MODIFY(
              JSON_MODIFY('{}', '$.sessionId', JSON_VALUE(k.value, '$.state.metadata.sessionId')),
              '$.parentSessionId',
              JSON_VALUE(k.value, '$.state.metadata.parentSessionId')
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
  ) NOT LIKE '%left out%';
