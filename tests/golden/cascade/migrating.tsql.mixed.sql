-- Is the client moving sessions from 1.x to 2.x at this moment?
SELECT
  COUNT_BIG(*) AS migrating
FROM kv AS k
WHERE
  k.[key] = 'migration.v1-v2'
  AND CASE WHEN ISJSON(k.value) = 1 THEN COALESCE(JSON_VALUE(k.value, '$.phase'), '') ELSE '' END <> 'completed';
