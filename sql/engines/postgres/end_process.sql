-- End a process of the server that waits for us over a connection that is dead: it holds our locks.
SELECT pg_catalog.pg_terminate_backend(pid)
FROM pg_catalog.pg_stat_activity
WHERE pid = :process AND CAST(EXTRACT(EPOCH FROM backend_start) * 1000000 AS bigint) = :began;
