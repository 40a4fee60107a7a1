-- Is the client moving sessions from 1.x to 2.x at this moment?
SELECT
  COUNT(*) AS migrating
FROM kv AS k
WHERE
  k.key = 'migration.v1-v2'
  AND CASE
    WHEN CASE WHEN pg_temp.gc_json(k.value) IS NULL THEN 0 ELSE 1 END = 1
    THEN COALESCE((
      pg_temp.gc_json(k.value) #>> '{phase}'
    ), '')
    ELSE ''
  END <> 'completed';
