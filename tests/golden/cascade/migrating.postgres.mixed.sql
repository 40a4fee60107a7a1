-- Is the client moving sessions from 1.x to 2.x at this moment?
SELECT
  COUNT(*) AS migrating
FROM kv AS k
CROSS JOIN LATERAL (
  SELECT
    pg_temp.gc_json(k.value) AS document
  OFFSET 0
) AS k_value
WHERE
  k.key = 'migration.v1-v2'
  AND CASE
    WHEN CASE WHEN k_value.document IS NULL THEN 0 ELSE 1 END = 1
    THEN COALESCE((
      k_value.document #>> '{phase}'
    ), '')
    ELSE ''
  END <> 'completed';
