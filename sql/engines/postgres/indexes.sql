-- The names of all indexes of the current schema.
SELECT i.indexname AS name
FROM pg_indexes AS i
WHERE i.schemaname = current_schema()
ORDER BY i.indexname;
