-- Copy all of the WAL into the file and cut the WAL to nothing.
PRAGMA wal_checkpoint(TRUNCATE);
