-- Each table on the disk: all of it with indexes and TOAST, its living and its dead rows as the statistics have them,
-- and what the dead ones hold, reckoned by their share of the table and of its TOAST table.
SELECT
  c.relname AS table_name,
  pg_total_relation_size(c.oid) AS bytes,
  COALESCE(s.n_live_tup, 0) AS living,
  COALESCE(s.n_dead_tup, 0) AS dead,
  CAST(
    COALESCE(pg_relation_size(c.oid) * s.n_dead_tup / NULLIF(s.n_live_tup + s.n_dead_tup, 0), 0)
    + COALESCE(pg_relation_size(c.reltoastrelid) * t.n_dead_tup / NULLIF(t.n_live_tup + t.n_dead_tup, 0), 0)
    AS BIGINT
  ) AS dead_bytes
FROM pg_class AS c
JOIN pg_namespace AS n ON n.oid = c.relnamespace
LEFT JOIN pg_stat_all_tables AS s ON s.relid = c.oid
LEFT JOIN pg_stat_all_tables AS t ON t.relid = c.reltoastrelid
WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p')
ORDER BY bytes DESC, c.relname;
