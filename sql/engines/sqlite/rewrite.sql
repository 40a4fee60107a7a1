-- A small cache is as fast for a file that is read once from start to end.
PRAGMA cache_size = -2000;

-- Temporary files on the disk, not in memory.
PRAGMA temp_store = FILE;

-- Freed pages are overwritten only where that costs no extra write.
PRAGMA secure_delete = FAST;
