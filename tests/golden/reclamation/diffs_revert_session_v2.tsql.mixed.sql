UPDATE session_v2 SET [revert] = JSON_MODIFY(session_v2.[revert], '$.diff', NULL)
FROM #lc_chosen AS c
WHERE
  c.id = session_v2.id
  AND CASE
    WHEN ISJSON(session_v2.[revert]) = 1
    THEN CASE
      WHEN CASE
        WHEN JSON_VALUE(session_v2.[revert], '$.diff') IS NULL AND JSON_QUERY(session_v2.[revert], '$.diff') IS NULL
        THEN 0
        ELSE 1
      END = 1
      AND ISJSON(session_v2.[revert]) = 1
      THEN 1
      ELSE 0
    END
    ELSE 0
  END = 1;
