-- What has a name of a table here, and is none.
SELECT t.TABLE_NAME AS name
FROM information_schema.TABLES AS t
WHERE t.TABLE_SCHEMA = DATABASE() AND t.TABLE_TYPE <> 'BASE TABLE'
ORDER BY t.TABLE_NAME;
