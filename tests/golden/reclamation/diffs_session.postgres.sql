UPDATE session SET summary_diffs = NULL
FROM lc_chosen AS c
WHERE
  c.id = session.id
  AND NOT session.summary_diffs IS NULL
  AND CASE WHEN pg_temp.gc_json(session.summary_diffs) IS NULL THEN 0 ELSE 1 END = 1;
