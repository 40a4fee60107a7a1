UPDATE part SET data = JSON_REMOVE(JSON_SET(part.data, '$.text', '[Old reasoning cleared]'), '$.metadata')
FROM lc_chosen AS c
WHERE
  c.id = part.id
  AND CASE
    WHEN JSON_VALID(part.data) = 1
    THEN CASE
      WHEN JSON_EXTRACT(part.data, '$.type') = 'reasoning'
      THEN CASE
        WHEN CASE
          WHEN TYPEOF(part.data) <> 'text'
          THEN 0
          WHEN JSON_VALID(part.data) = 0
          THEN 0
          WHEN LENGTH(CAST(PRINTF('%s', part.data) AS BLOB)) < LENGTH(CAST(part.data AS BLOB))
          THEN 0
          ELSE 1
        END = 1
        AND (
          COALESCE(JSON_EXTRACT(part.data, '$.text'), '') <> '[Old reasoning cleared]'
          OR CASE WHEN COALESCE(JSON_TYPE(part.data, '$.metadata'), 'null') = 'null' THEN 0 ELSE 1 END = 1
        )
        THEN 1
        ELSE 0
      END
      ELSE 0
    END
    ELSE 0
  END = 1;
