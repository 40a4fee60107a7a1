UPDATE part
JOIN lc_chosen AS c
  ON TRUE SET part.data = JSON_REMOVE(JSON_SET(part.data, '$.text', '[Old reasoning cleared]'), '$.metadata')
WHERE
  c.id = part.id
  AND CASE
    WHEN JSON_VALID(
      CASE
        WHEN JSON_VALID(part.data) = 1
        THEN part.data
        ELSE REGEXP_REPLACE(part.data, '(?<!\\\\)((?:\\\\\\\\)*)\\\\u[dD][89a-fA-F][0-9a-fA-F]{2}', '\\\\1?')
      END
    ) = 1
    THEN CASE
      WHEN JSON_VALUE(
        CASE
          WHEN JSON_VALID(part.data) = 1
          THEN part.data
          ELSE REGEXP_REPLACE(part.data, '(?<!\\\\)((?:\\\\\\\\)*)\\\\u[dD][89a-fA-F][0-9a-fA-F]{2}', '\\\\1?')
        END,
        '$.type'
      ) = 'reasoning'
      THEN CASE
        WHEN JSON_VALID(part.data) = 1
        AND (
          COALESCE(
            JSON_VALUE(
              CASE
                WHEN JSON_VALID(part.data) = 1
                THEN part.data
                ELSE REGEXP_REPLACE(part.data, '(?<!\\\\)((?:\\\\\\\\)*)\\\\u[dD][89a-fA-F][0-9a-fA-F]{2}', '\\\\1?')
              END,
              '$.text'
            ),
            ''
          ) <> '[Old reasoning cleared]'
          OR CASE
            WHEN COALESCE(
              JSON_TYPE(
                JSON_EXTRACT(
                  CASE
                    WHEN JSON_VALID(part.data) = 1
                    THEN part.data
                    ELSE REGEXP_REPLACE(part.data, '(?<!\\\\)((?:\\\\\\\\)*)\\\\u[dD][89a-fA-F][0-9a-fA-F]{2}', '\\\\1?')
                  END,
                  '$.metadata'
                )
              ),
              'NULL'
            ) = 'NULL'
            THEN 0
            ELSE 1
          END = 1
        )
        THEN 1
        ELSE 0
      END
      ELSE 0
    END
    ELSE 0
  END = 1;
