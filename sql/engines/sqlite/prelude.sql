-- Foreign keys are off by default on each new connection; the deletions below are right either way.
PRAGMA foreign_keys = ON;

-- Freed pages are overwritten only where that costs no extra write.
PRAGMA secure_delete = FAST;
