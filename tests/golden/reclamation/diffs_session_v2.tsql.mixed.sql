UPDATE session_v2 SET summary_diffs = NULL
FROM #lc_chosen AS c
WHERE
  c.id = session_v2.id AND NOT session_v2.summary_diffs IS NULL AND ISJSON(session_v2.summary_diffs) = 1;
