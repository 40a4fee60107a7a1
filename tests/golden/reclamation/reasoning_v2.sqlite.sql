UPDATE session_message SET data = (
  SELECT
    JSON_REPLACE(
      d.doc,
      '$.content',
      JSON(
        (
          SELECT
            '[' || COALESCE(
              GROUP_CONCAT(
                
                  CASE
                    WHEN e.kind = 'reasoning'
                    THEN JSON_REMOVE(JSON_REPLACE(e.text, '$.text', ''), '$.state', '$.native')
                    ELSE e.text
                  END
                
              ),
              ''
            ) || ']'
          FROM (
            SELECT
              entry.value AS text,
              JSON_EXTRACT(entry.value, '$.type') AS kind
            FROM JSON_EACH(d.doc, '$.content') AS entry
            LIMIT -1
          ) AS e
        )
      )
    )
  FROM (
    SELECT
      session_message.data AS doc
    LIMIT -1
  ) AS d
)
FROM lc_chosen AS c
WHERE
  c.id = session_message.id
  AND CASE
    WHEN CASE
      WHEN session_message.type = 'assistant'
      THEN CASE
        WHEN JSON_VALID(session_message.data) = 1
        THEN CASE
          WHEN CASE
            WHEN TYPEOF(session_message.data) <> 'text'
            THEN 0
            WHEN JSON_VALID(session_message.data) = 0
            THEN 0
            WHEN LENGTH(CAST(PRINTF('%s', session_message.data) AS BLOB)) < LENGTH(CAST(session_message.data AS BLOB))
            THEN 0
            ELSE 1
          END = 1
          AND CASE WHEN COALESCE(JSON_TYPE(session_message.data, '$.time.completed'), 'null') = 'null' THEN 0 ELSE 1 END = 1
          THEN CASE
            WHEN JSON_TYPE(session_message.data, '$.content') = 'array'
            THEN (
              SELECT
                CASE
                  WHEN SUM(CASE WHEN entry.type = 'object' THEN 0 ELSE 1 END) = 0
                  THEN SUM(
                    CASE
                      WHEN JSON_EXTRACT(session_message.data, entry.fullkey || '.type') = 'reasoning'
                      AND (
                        COALESCE(JSON_EXTRACT(session_message.data, entry.fullkey || '.text'), '') <> ''
                        OR NOT JSON_TYPE(session_message.data, entry.fullkey || '.state') IS NULL
                        OR NOT JSON_TYPE(session_message.data, entry.fullkey || '.native') IS NULL
                      )
                      THEN 1
                    END
                  )
                END
              FROM JSON_EACH(session_message.data, '$.content') AS entry
            )
          END
        END
      END
    END > 0
    THEN 1
    ELSE 0
  END = 1;
