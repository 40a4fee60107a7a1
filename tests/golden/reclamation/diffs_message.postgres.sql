-- Messages of the batch, unless they changed since.
UPDATE message SET data = pg_temp.gc_text(JSONB_SET(pg_temp.gc_json(message.data), '{summary,diffs}', CAST('[]' AS JSONB), FALSE), message.data)
FROM lc_chosen AS c
WHERE
  c.id = message.id
  AND CASE
    WHEN CASE WHEN pg_temp.gc_json(message.data) IS NULL THEN 0 ELSE 1 END = 1
    THEN CASE
      WHEN CASE
        WHEN COALESCE(JSONB_TYPEOF(pg_temp.gc_json(message.data) #> '{summary,diffs,0}'), 'null') = 'null'
        THEN 0
        ELSE 1
      END = 1
      AND COALESCE(OCTET_LENGTH(pg_temp.gc_json(message.data) #>> '{summary,diffs}'), 0) > COALESCE(OCTET_LENGTH(pg_temp.gc_json(message.data) #>> '{summary,diffs,0}'), 0)
      AND CASE WHEN pg_temp.gc_json(message.data) IS NULL THEN 0 ELSE 1 END = 1
      THEN 1
      ELSE 0
    END
    ELSE 0
  END = 1;
