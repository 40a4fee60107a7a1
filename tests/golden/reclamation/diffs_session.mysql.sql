UPDATE session
JOIN lc_chosen AS c
  ON TRUE SET session.summary_diffs = NULL
WHERE
  c.id = session.id AND NOT session.summary_diffs IS NULL AND JSON_VALID(session.summary_diffs) = 1;
