UPDATE session SET summary_diffs = NULL
FROM lc_chosen AS c
WHERE
  c.id = session.id
  AND NOT session.summary_diffs IS NULL
  AND CASE
    WHEN TYPEOF(session.summary_diffs) <> 'text'
    THEN 0
    WHEN JSON_VALID(session.summary_diffs) = 0
    THEN 0
    WHEN LENGTH(CAST(PRINTF('%s', session.summary_diffs) AS BLOB)) < LENGTH(CAST(session.summary_diffs AS BLOB))
    THEN 0
    ELSE 1
  END = 1;
