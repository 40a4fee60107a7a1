-- The names of all indexes of the database.
SELECT DISTINCT s.INDEX_NAME AS name
FROM information_schema.STATISTICS AS s
WHERE s.TABLE_SCHEMA = DATABASE()
ORDER BY s.INDEX_NAME;
