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
        AND COALESCE((
          pg_temp.gc_json(part.data) #>> '{tool}'
        ), '') <> 'skill'
        AND COALESCE((
          pg_temp.gc_json(part.data) #>> '{state,output}'
        ), '') <> '[Old tool result content cleared]'
        AND CASE WHEN pg_temp.gc_json(part.data) IS NULL THEN 0 ELSE 1 END = 1
        THEN 1
        ELSE 0
      END
      ELSE 0
    END
    ELSE 0
  END = 1;
