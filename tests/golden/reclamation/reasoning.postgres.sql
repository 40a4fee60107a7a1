UPDATE part SET data = pg_temp.gc_text(
  JSONB_SET(pg_temp.gc_json(part.data), '{text}', TO_JSONB(CAST('[Old reasoning cleared]' AS TEXT))) #- '{metadata}',
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
      ) = 'reasoning'
      THEN CASE
        WHEN CASE WHEN pg_temp.gc_json(part.data) IS NULL THEN 0 ELSE 1 END = 1
        AND (
          COALESCE((
            pg_temp.gc_json(part.data) #>> '{text}'
          ), '') <> '[Old reasoning cleared]'
          OR CASE WHEN COALESCE(JSONB_TYPEOF(pg_temp.gc_json(part.data) #> '{metadata}'), 'null') = 'null' THEN 0 ELSE 1 END = 1
        )
        THEN 1
        ELSE 0
      END
      ELSE 0
    END
    ELSE 0
  END = 1;
