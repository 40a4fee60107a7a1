-- Pages are read and written in their order, each once: none is asked for again.
PRAGMA cache_size = -1000;

PRAGMA shrink_memory;
