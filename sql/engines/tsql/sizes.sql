-- Each table on the disk: all that is reserved for its rows, indexes and large texts, its rows, and the room free
-- inside. Large texts have allocation units of their own, by partition.
SELECT
  t.name AS table_name,
  COALESCE(SUM(a.total_pages), 0) * 8192 AS bytes,
  COALESCE(SUM(CASE WHEN p.index_id IN (0, 1) AND a.type = 1 THEN p.rows ELSE 0 END), 0) AS living,
  0 AS dead,
  COALESCE(SUM(a.total_pages - a.used_pages), 0) * 8192 AS free_bytes
FROM sys.tables AS t
JOIN sys.partitions AS p ON p.object_id = t.object_id
JOIN sys.allocation_units AS a
  ON (a.type IN (1, 3) AND a.container_id = p.hobt_id) OR (a.type = 2 AND a.container_id = p.partition_id)
WHERE t.schema_id = SCHEMA_ID()
GROUP BY t.name
ORDER BY bytes DESC, t.name;
