-- What this connection speaks to: the database's encoding, whether it is a standby, which takes no work tables, and the
-- server's process, with the moment since which it runs.
SELECT
  pg_encoding_to_char(d.encoding) AS encoding,
  CASE WHEN pg_is_in_recovery() THEN 1 ELSE 0 END AS standby,
  current_setting('lifecycle.schema') AS schema_name,
  pg_backend_pid() AS process,
  (
    SELECT CAST(EXTRACT(EPOCH FROM a.backend_start) * 1000000 AS bigint)
    FROM pg_stat_activity AS a
    WHERE a.pid = pg_backend_pid()
  ) AS began
FROM pg_database AS d
WHERE d.datname = current_database();
