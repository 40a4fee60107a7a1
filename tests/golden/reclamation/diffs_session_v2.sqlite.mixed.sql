UPDATE session_v2 SET summary_diffs = NULL
FROM lc_chosen AS c
WHERE
  c.id = session_v2.id
  AND NOT session_v2.summary_diffs IS NULL
  AND CASE
    WHEN TYPEOF(session_v2.summary_diffs) <> 'text'
    THEN 0
    WHEN JSON_VALID(session_v2.summary_diffs) = 0
    THEN 0
    WHEN LENGTH(CAST(PRINTF('%s', session_v2.summary_diffs) AS BLOB)) < LENGTH(CAST(session_v2.summary_diffs AS BLOB))
    THEN 0
    ELSE 1
  END = 1;
