-- Parts of the batch, unless they changed since: the condition is the one they were found by.
UPDATE part SET data = pg_temp.gc_text(
  JSONB_SET(
    pg_temp.gc_links(pg_temp.gc_json(part.data)),
    '{state,output}',
    TO_JSONB(CAST('[Old tool result content cleared]' AS TEXT))
  ) #- '{state,attachments}',
  part.data
)
FROM lc_chosen AS c
WHERE
  c.id = part.id
  AND CASE
    WHEN CASE WHEN pg_temp.gc_json(part.data) IS NULL THEN 0 ELSE 1 END = 1
    THEN CASE
      WHEN (
        pg_temp.gc_json(part.data) #>> '{type}'
      ) = 'tool'
      THEN CASE
        WHEN (
          pg_temp.gc_json(part.data) #>> '{state,status}'
        ) = 'completed'
        AND COALESCE(OCTET_LENGTH(pg_temp.gc_json(part.data) #>> '{state,time,compacted}'), 0) >= 13
        AND CASE WHEN pg_temp.gc_json(part.data) IS NULL THEN 0 ELSE 1 END = 1
        AND (
          COALESCE((
            pg_temp.gc_json(part.data) #>> '{state,output}'
          ), '') <> '[Old tool result content cleared]'
          OR CASE
            WHEN COALESCE(JSONB_TYPEOF(pg_temp.gc_json(part.data) #> '{state,attachments}'), 'null') = 'null'
            THEN 0
            ELSE 1
          END = 1
          OR COALESCE(OCTET_LENGTH(pg_temp.gc_json(part.data) #>> '{state,metadata}'), 0) > COALESCE(OCTET_LENGTH(pg_temp.gc_links(pg_temp.gc_json(part.data)) #>> '{state,metadata}'), 0)
        )
        THEN 1
        ELSE 0
      END
      ELSE 0
    END
    ELSE 0
  END = 1;
