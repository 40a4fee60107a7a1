-- Give free pages from the end of the file back.
PRAGMA incremental_vacuum(:pages);
