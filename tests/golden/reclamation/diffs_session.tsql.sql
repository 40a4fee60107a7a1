UPDATE session SET summary_diffs = NULL
FROM #lc_chosen AS c
WHERE
  c.id = session.id AND NOT session.summary_diffs IS NULL AND ISJSON(session.summary_diffs) = 1;
