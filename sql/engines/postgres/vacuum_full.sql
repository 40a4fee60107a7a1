-- Write the table anew. Nobody can read or write it meanwhile, and the disk must hold it twice.
VACUUM (FULL, ANALYZE) target;
