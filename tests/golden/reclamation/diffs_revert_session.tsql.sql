UPDATE session SET [revert] = JSON_MODIFY(session.[revert], '$.diff', NULL)
FROM #lc_chosen AS c
WHERE
  c.id = session.id
  AND CASE
    WHEN ISJSON(session.[revert]) = 1
    THEN CASE
      WHEN CASE
        WHEN JSON_VALUE(session.[revert], '$.diff') IS NULL AND JSON_QUERY(session.[revert], '$.diff') IS NULL
        THEN 0
        ELSE 1
      END = 1
      AND ISJSON(session.[revert]) = 1
      THEN 1
      ELSE 0
    END
    ELSE 0
  END = 1;
