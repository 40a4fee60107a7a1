-- Parts of the batch, unless they changed since: the condition is the one they were found by.
UPDATE part SET data = JSON_MODIFY(JSON_MODIFY(part.data, '$.text', '[Old reasoning cleared]'), '$.metadata', NULL)
FROM #lc_chosen AS c
WHERE
  c.id = part.id
  AND CAST(DATALENGTH(part.data) AS BIGINT) < 16777216
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

-- Huge ones by their skeletons, which say what would become of them.
UPDATE part SET data = JSON_MODIFY(JSON_MODIFY(k.value, '$.text', '[Old reasoning cleared]'), '$.metadata', NULL)
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
      WHEN JSON_VALUE(k.value, '$.type') = 'reasoning'
      THEN CASE
        WHEN ISJSON(k.value) = 1
        AND (
          COALESCE(JSON_VALUE(k.value, '$.text'), '') <> '[Old reasoning cleared]'
          OR CASE
            WHEN JSON_VALUE(k.value, '$.metadata') IS NULL AND JSON_QUERY(k.value, '$.metadata') IS NULL
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
  END = 1
  AND JSON_MODIFY(JSON_MODIFY(k.value, '$.text', '[Old reasoning cleared]'), '$.metadata', NULL) NOT LIKE '%left out%';
