-- What this connection speaks to: the schema that names without one mean, and the level of SQL that the database takes.
SELECT
  SCHEMA_NAME() AS schema_name,
  CAST(d.compatibility_level AS INT) AS compatibility
FROM sys.databases AS d
WHERE d.name = DB_NAME();
