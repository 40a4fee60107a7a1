UPDATE session SET revert = JSON_REMOVE(session.revert, '$.diff')
FROM lc_chosen AS c
WHERE
  c.id = session.id
  AND CASE
    WHEN JSON_VALID(session.revert) = 1
    THEN CASE
      WHEN CASE WHEN COALESCE(JSON_TYPE(session.revert, '$.diff'), 'null') = 'null' THEN 0 ELSE 1 END = 1
      AND CASE
        WHEN TYPEOF(session.revert) <> 'text'
        THEN 0
        WHEN JSON_VALID(session.revert) = 0
        THEN 0
        WHEN LENGTH(CAST(PRINTF('%s', session.revert) AS BLOB)) < LENGTH(CAST(session.revert AS BLOB))
        THEN 0
        ELSE 1
      END = 1
      THEN 1
      ELSE 0
    END
    ELSE 0
  END = 1;
