-- Each table on the disk: its rows and indexes, its rows as the statistics have them, and the room free inside.
SELECT
  t.TABLE_NAME AS table_name,
  COALESCE(t.DATA_LENGTH, 0) + COALESCE(t.INDEX_LENGTH, 0) AS bytes,
  COALESCE(t.TABLE_ROWS, 0) AS living,
  0 AS dead,
  COALESCE(t.DATA_FREE, 0) AS free_bytes
FROM information_schema.TABLES AS t
WHERE t.TABLE_SCHEMA = DATABASE() AND t.TABLE_TYPE = 'BASE TABLE'
ORDER BY bytes DESC, t.TABLE_NAME;
