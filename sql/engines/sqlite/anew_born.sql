-- A file of our own, beside the store, of which nothing is left after a crash: no journal, and no wait for the disk.
PRAGMA page_size = :page_size;

PRAGMA auto_vacuum = :auto_vacuum;

PRAGMA journal_mode = OFF;

PRAGMA synchronous = OFF;

PRAGMA cache_size = -16000;

PRAGMA user_version = :user_version;

PRAGMA application_id = :application_id;

-- So that tables with figures of SQLite's own (ANALYZE) can be made like any other.
PRAGMA writable_schema = ON;
