-- Whether a process of the server works on its statement: not where it waits for what the other side sends, or reads. No
-- row where it is not there.
SELECT CASE WHEN state = 'active' AND wait_event_type IS DISTINCT FROM 'Client' THEN 1 ELSE 0 END AS at_work
FROM pg_catalog.pg_stat_activity
WHERE pid = :process AND CAST(EXTRACT(EPOCH FROM backend_start) * 1000000 AS bigint) = :began;
