-- As the client does: in WAL mode a power cut may undo the last commits, and never damages the store. A reclamation
-- finds what is left to do again.
PRAGMA synchronous = NORMAL;
