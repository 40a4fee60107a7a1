-- Parts of the batch, unless they changed since: the condition is the one they were found by.
UPDATE part SET data = JSON_REMOVE(JSON_SET(part.data, '$.text', '[Old reasoning cleared]'), '$.metadata')
FROM lc_chosen AS c
WHERE
  c.id = part.id
  AND LENGTH(CAST(part.data AS BLOB)) < 16777216
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

-- Huge ones by their skeletons, which say what would become of them.
UPDATE part SET data = JSON_REMOVE(JSON_SET(k.value, '$.text', '[Old reasoning cleared]'), '$.metadata')
FROM lc_skeleton AS k
WHERE
  k.name = 'part'
  AND k.id = part.id
  AND part.id IN (
    SELECT
      c.id
    FROM lc_chosen AS c
  )
  AND CASE
    WHEN JSON_VALID(k.value) = 1
    THEN CASE
      WHEN JSON_EXTRACT(k.value, '$.type') = 'reasoning'
      THEN CASE
        WHEN CASE
          WHEN TYPEOF(k.value) <> 'text'
          THEN 0
          WHEN JSON_VALID(k.value) = 0
          THEN 0
          WHEN LENGTH(CAST(PRINTF('%s', k.value) AS BLOB)) < LENGTH(CAST(k.value AS BLOB))
          THEN 0
          ELSE 1
        END = 1
        AND (
          COALESCE(JSON_EXTRACT(k.value, '$.text'), '') <> '[Old reasoning cleared]'
          OR CASE WHEN COALESCE(JSON_TYPE(k.value, '$.metadata'), 'null') = 'null' THEN 0 ELSE 1 END = 1
        )
        THEN 1
        ELSE 0
      END
      ELSE 0
    END
    ELSE 0
  END = 1
  AND JSON_REMOVE(JSON_SET(k.value, '$.text', '[Old reasoning cleared]'), '$.metadata') NOT LIKE '%left out%';
