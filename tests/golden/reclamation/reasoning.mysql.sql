UPDATE part
JOIN lc_chosen AS c
  ON TRUE SET part.data = JSON_REMOVE(JSON_SET(part.data, '$.text', '[Old reasoning cleared]'), '$.metadata')
WHERE
  c.id = part.id
  AND CASE
    WHEN JSON_VALID(part.data) = 1
    THEN CASE
      WHEN JSON_VALUE(part.data, '$.type') = 'reasoning'
      THEN CASE
        WHEN JSON_VALID(part.data) = 1
        AND (
          COALESCE(JSON_VALUE(part.data, '$.text'), '') <> '[Old reasoning cleared]'
          OR CASE WHEN COALESCE(JSON_TYPE(JSON_EXTRACT(part.data, '$.metadata')), 'NULL') = 'NULL' THEN 0 ELSE 1 END = 1
        )
        THEN 1
        ELSE 0
      END
      ELSE 0
    END
    ELSE 0
  END = 1;
