-- Copy what can be copied from the WAL into the file; wait for nobody.
PRAGMA wal_checkpoint(PASSIVE);
