-- One run of ours per store: a lock of this connection, gone with it. The numbers mean this schema of this database.
SELECT pg_try_advisory_lock(1869636972, hashtext(current_schema()));
