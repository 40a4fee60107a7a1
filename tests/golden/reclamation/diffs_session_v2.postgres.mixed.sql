UPDATE session_v2 SET summary_diffs = NULL
FROM lc_chosen AS c
WHERE
  c.id = session_v2.id
  AND NOT session_v2.summary_diffs IS NULL
  AND CASE WHEN pg_temp.gc_json(session_v2.summary_diffs) IS NULL THEN 0 ELSE 1 END = 1;
