UPDATE part SET data = JSON_MODIFY(JSON_MODIFY(part.data, '$.text', '[Old reasoning cleared]'), '$.metadata', NULL)
FROM #lc_chosen AS c
WHERE
  c.id = part.id
  AND CASE
    WHEN ISJSON(part.data) = 1
    THEN CASE
      WHEN JSON_VALUE(part.data, '$.type') = 'reasoning'
      THEN CASE
        WHEN ISJSON(part.data) = 1
        AND (
          COALESCE(JSON_VALUE(part.data, '$.text'), '') <> '[Old reasoning cleared]'
          OR CASE
            WHEN JSON_VALUE(part.data, '$.metadata') IS NULL AND JSON_QUERY(part.data, '$.metadata') IS NULL
            THEN 0
            ELSE 1
          END = 1
        )
        THEN 1
        ELSE 0
      END
      ELSE 0
    END
    ELSE 0
  END = 1;
