-- Wait for a client that writes, as the client itself does.
PRAGMA busy_timeout = 5000;

-- Off by default on each new connection.
PRAGMA foreign_keys = ON;

-- Freed pages are overwritten only where that costs no extra write.
PRAGMA secure_delete = FAST;

-- 16 MB: more does not make a removal faster.
PRAGMA cache_size = -16000;

-- As the client does: a commit need not reach the disk at once, and what a power cut takes back was a removal.
PRAGMA synchronous = NORMAL;

-- Copy the WAL into the file every 64 MB: what a removal frees is mostly written once then.
PRAGMA wal_autocheckpoint = 16000;
