-- The new file, by the name that it has for as long as it takes to open it.
ATTACH DATABASE :file AS anew;

PRAGMA anew.journal_mode = OFF;

PRAGMA anew.synchronous = OFF;

-- Pages are written in their order, each once: none is asked for again.
PRAGMA anew.cache_size = -1000;

-- A row comes with all that hangs on it, table after table; what is there already has been checked, or never was.
PRAGMA foreign_keys = OFF;

PRAGMA ignore_check_constraints = ON;
