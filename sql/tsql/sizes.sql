-- Each table on the disk: all that is reserved for it, and what of it is in use.
SELECT
  o.name AS table_name,
  SUM(a.total_pages) * 8192 AS bytes,
  SUM(a.used_pages) * 8192 AS used_bytes
FROM sys.objects AS o
JOIN sys.partitions AS p ON p.object_id = o.object_id
JOIN sys.allocation_units AS a ON a.container_id = p.hobt_id
WHERE o.type = 'U'
GROUP BY o.name
ORDER BY bytes DESC, o.name;
