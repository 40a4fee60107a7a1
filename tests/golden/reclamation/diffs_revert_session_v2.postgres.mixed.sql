UPDATE session_v2 SET revert = pg_temp.gc_text(pg_temp.gc_json(session_v2.revert) #- '{diff}', session_v2.revert)
FROM lc_chosen AS c
WHERE
  c.id = session_v2.id
  AND CASE
    WHEN CASE WHEN pg_temp.gc_json(session_v2.revert) IS NULL THEN 0 ELSE 1 END = 1
    THEN CASE
      WHEN CASE
        WHEN COALESCE(JSONB_TYPEOF(pg_temp.gc_json(session_v2.revert) #> '{diff}'), 'null') = 'null'
        THEN 0
        ELSE 1
      END = 1
      AND CASE WHEN pg_temp.gc_json(session_v2.revert) IS NULL THEN 0 ELSE 1 END = 1
      THEN 1
      ELSE 0
    END
    ELSE 0
  END = 1;
