UPDATE session_v2 SET revert = JSON_REMOVE(session_v2.revert, '$.diff')
FROM lc_chosen AS c
WHERE
  c.id = session_v2.id
  AND CASE
    WHEN JSON_VALID(session_v2.revert) = 1
    THEN CASE
      WHEN CASE WHEN COALESCE(JSON_TYPE(session_v2.revert, '$.diff'), 'null') = 'null' THEN 0 ELSE 1 END = 1
      AND CASE
        WHEN TYPEOF(session_v2.revert) <> 'text'
        THEN 0
        WHEN JSON_VALID(session_v2.revert) = 0
        THEN 0
        WHEN LENGTH(CAST(PRINTF('%s', session_v2.revert) AS BLOB)) < LENGTH(CAST(session_v2.revert AS BLOB))
        THEN 0
        ELSE 1
      END = 1
      THEN 1
      ELSE 0
    END
    ELSE 0
  END = 1;
