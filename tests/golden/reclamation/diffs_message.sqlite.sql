-- Messages of the batch, unless they changed since.
UPDATE message SET data = JSON_REPLACE(message.data, '$.summary.diffs', JSON('[]'))
FROM lc_chosen AS c
WHERE
  c.id = message.id
  AND CASE
    WHEN JSON_VALID(message.data) = 1
    THEN CASE
      WHEN CASE WHEN COALESCE(JSON_TYPE(message.data, '$.summary.diffs[0]'), 'null') = 'null' THEN 0 ELSE 1 END = 1
      AND COALESCE(LENGTH(CAST(JSON_EXTRACT(message.data, '$.summary.diffs') AS BLOB)), 0) > COALESCE(LENGTH(CAST(JSON_EXTRACT(message.data, '$.summary.diffs[0]') AS BLOB)), 0)
      AND CASE
        WHEN TYPEOF(message.data) <> 'text'
        THEN 0
        WHEN JSON_VALID(message.data) = 0
        THEN 0
        WHEN LENGTH(CAST(PRINTF('%s', message.data) AS BLOB)) < LENGTH(CAST(message.data AS BLOB))
        THEN 0
        ELSE 1
      END = 1
      THEN 1
      ELSE 0
    END
    ELSE 0
  END = 1;
