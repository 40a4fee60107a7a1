-- The server's process that this connection speaks to now.
SELECT pg_catalog.pg_backend_pid();
