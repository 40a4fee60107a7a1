UPDATE session_v2
JOIN lc_chosen AS c
  ON TRUE SET session_v2.summary_diffs = NULL
WHERE
  c.id = session_v2.id AND NOT session_v2.summary_diffs IS NULL AND JSON_VALID(session_v2.summary_diffs) = 1;
