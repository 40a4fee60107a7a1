-- Whether the store has a table of the name of a work table.
SELECT 1 FROM sqlite_schema WHERE name LIKE 'lc\_%' ESCAPE '\' LIMIT 1;

-- The file of the work tables, which is nobody else's.
ATTACH DATABASE :file AS scratch;

-- What a rollback takes back it takes back there too; nothing of it is read after a crash.
PRAGMA scratch.journal_mode = MEMORY;

PRAGMA scratch.synchronous = OFF;

PRAGMA scratch.locking_mode = EXCLUSIVE;

PRAGMA scratch.secure_delete = OFF;

-- 32 MB: the work tables of most stores never leave memory.
PRAGMA scratch.cache_size = -32000;
