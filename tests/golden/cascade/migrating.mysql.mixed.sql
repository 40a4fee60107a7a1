-- Is the client moving sessions from 1.x to 2.x at this moment?
SELECT
  COUNT(*) AS migrating
FROM kv AS k
WHERE
  k.`key` = 'migration.v1-v2'
  AND CASE
    WHEN JSON_VALID(
      CASE
        WHEN JSON_VALID(k.value) = 1
        THEN k.value
        ELSE REGEXP_REPLACE(k.value, '(?<!\\\\)((?:\\\\\\\\)*)\\\\u[dD][89a-fA-F][0-9a-fA-F]{2}', '\\\\1?')
      END
    ) = 1
    THEN COALESCE(
      JSON_VALUE(
        CASE
          WHEN JSON_VALID(k.value) = 1
          THEN k.value
          ELSE REGEXP_REPLACE(k.value, '(?<!\\\\)((?:\\\\\\\\)*)\\\\u[dD][89a-fA-F][0-9a-fA-F]{2}', '\\\\1?')
        END,
        '$.phase'
      ),
      ''
    )
    ELSE ''
  END <> 'completed';
