-- What this connection speaks to: the database's encoding, and whether it is a standby, which takes no work tables.
SELECT
  pg_encoding_to_char(d.encoding) AS encoding,
  CASE WHEN pg_is_in_recovery() THEN 1 ELSE 0 END AS standby,
  current_setting('lifecycle.schema') AS schema_name
FROM pg_database AS d
WHERE d.datname = current_database();
