UPDATE session
JOIN lc_chosen AS c
  ON TRUE SET session.revert = JSON_REMOVE(session.revert, '$.diff')
WHERE
  c.id = session.id
  AND CASE
    WHEN JSON_VALID(
      CASE
        WHEN JSON_VALID(session.revert) = 1
        THEN session.revert
        ELSE REGEXP_REPLACE(session.revert, '(?<!\\\\)((?:\\\\\\\\)*)\\\\u[dD][89a-fA-F][0-9a-fA-F]{2}', '\\\\1?')
      END
    ) = 1
    THEN CASE
      WHEN CASE
        WHEN COALESCE(
          JSON_TYPE(
            JSON_EXTRACT(
              CASE
                WHEN JSON_VALID(session.revert) = 1
                THEN session.revert
                ELSE REGEXP_REPLACE(session.revert, '(?<!\\\\)((?:\\\\\\\\)*)\\\\u[dD][89a-fA-F][0-9a-fA-F]{2}', '\\\\1?')
              END,
              '$.diff'
            )
          ),
          'NULL'
        ) = 'NULL'
        THEN 0
        ELSE 1
      END = 1
      AND JSON_VALID(session.revert) = 1
      THEN 1
      ELSE 0
    END
    ELSE 0
  END = 1;
