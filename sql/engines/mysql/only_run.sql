-- One run of ours per store: a lock of this connection, gone with it. Its name means this database.
SELECT GET_LOCK(CONCAT('opencode-lifecycle:', LEFT(SHA2(DATABASE(), 256), 40)), 0);
