-- One run of ours per store: a lock of this connection, gone with it. Its name means this database.
SELECT GET_LOCK(CONCAT('opencode-lifecycle:', SHA1(DATABASE())), 0);
