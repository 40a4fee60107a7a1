UPDATE session_v2
JOIN lc_chosen AS c
  ON TRUE SET session_v2.revert = JSON_REMOVE(session_v2.revert, '$.diff')
WHERE
  c.id = session_v2.id
  AND CASE
    WHEN JSON_VALID(
      CASE
        WHEN JSON_VALID(session_v2.revert) = 1
        THEN session_v2.revert
        ELSE REGEXP_REPLACE(session_v2.revert, '(?<!\\\\)((?:\\\\\\\\)*)\\\\u[dD][89a-fA-F][0-9a-fA-F]{2}', '\\\\1?')
      END
    ) = 1
    THEN CASE
      WHEN CASE
        WHEN COALESCE(
          JSON_TYPE(
            JSON_EXTRACT(
              CASE
                WHEN JSON_VALID(session_v2.revert) = 1
                THEN session_v2.revert
                ELSE REGEXP_REPLACE(session_v2.revert, '(?<!\\\\)((?:\\\\\\\\)*)\\\\u[dD][89a-fA-F][0-9a-fA-F]{2}', '\\\\1?')
              END,
              '$.diff'
            )
          ),
          'NULL'
        ) = 'NULL'
        THEN 0
        ELSE 1
      END = 1
      AND JSON_VALID(session_v2.revert) = 1
      THEN 1
      ELSE 0
    END
    ELSE 0
  END = 1;
