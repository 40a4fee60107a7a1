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
    WHEN INSTR(CAST(session_v2.summary_diffs AS BLOB), CAST(CHAR(0) AS BLOB)) > 0
    THEN 0
    ELSE 1
  END = 1;
