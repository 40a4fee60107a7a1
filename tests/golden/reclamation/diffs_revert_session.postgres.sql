UPDATE session SET revert = pg_temp.gc_text(pg_temp.gc_json(session.revert) #- '{diff}', session.revert)
FROM lc_chosen AS c
WHERE
  c.id = session.id
  AND CASE
    WHEN CASE WHEN pg_temp.gc_json(session.revert) IS NULL THEN 0 ELSE 1 END = 1
    THEN CASE
      WHEN CASE WHEN COALESCE(JSONB_TYPEOF(pg_temp.gc_json(session.revert) #> '{diff}'), 'null') = 'null' THEN 0 ELSE 1 END = 1
      AND CASE WHEN pg_temp.gc_json(session.revert) IS NULL THEN 0 ELSE 1 END = 1
      THEN 1
      ELSE 0
    END
    ELSE 0
  END = 1;
