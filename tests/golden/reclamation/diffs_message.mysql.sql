-- Messages of the batch, unless they changed since.
UPDATE message
JOIN lc_chosen AS c
  ON TRUE SET message.data = JSON_REPLACE(message.data, '$.summary.diffs', JSON_ARRAY())
WHERE
  c.id = message.id
  AND CASE
    WHEN JSON_VALID(
      CASE
        WHEN JSON_VALID(message.data) = 1
        THEN message.data
        ELSE REGEXP_REPLACE(message.data, '(?<!\\\\)((?:\\\\\\\\)*)\\\\u[dD][89a-fA-F][0-9a-fA-F]{2}', '\\\\1?')
      END
    ) = 1
    THEN CASE
      WHEN CASE
        WHEN COALESCE(
          JSON_TYPE(
            JSON_EXTRACT(
              CASE
                WHEN JSON_VALID(message.data) = 1
                THEN message.data
                ELSE REGEXP_REPLACE(message.data, '(?<!\\\\)((?:\\\\\\\\)*)\\\\u[dD][89a-fA-F][0-9a-fA-F]{2}', '\\\\1?')
              END,
              '$.summary.diffs[0]'
            )
          ),
          'NULL'
        ) = 'NULL'
        THEN 0
        ELSE 1
      END = 1
      AND COALESCE(
        OCTET_LENGTH(
          JSON_UNQUOTE(
            JSON_EXTRACT(
              CASE
                WHEN JSON_VALID(message.data) = 1
                THEN message.data
                ELSE REGEXP_REPLACE(message.data, '(?<!\\\\)((?:\\\\\\\\)*)\\\\u[dD][89a-fA-F][0-9a-fA-F]{2}', '\\\\1?')
              END,
              '$.summary.diffs'
            )
          )
        ),
        0
      ) > COALESCE(
        OCTET_LENGTH(
          JSON_UNQUOTE(
            JSON_EXTRACT(
              CASE
                WHEN JSON_VALID(message.data) = 1
                THEN message.data
                ELSE REGEXP_REPLACE(message.data, '(?<!\\\\)((?:\\\\\\\\)*)\\\\u[dD][89a-fA-F][0-9a-fA-F]{2}', '\\\\1?')
              END,
              '$.summary.diffs[0]'
            )
          )
        ),
        0
      )
      AND JSON_VALID(message.data) = 1
      THEN 1
      ELSE 0
    END
    ELSE 0
  END = 1;
