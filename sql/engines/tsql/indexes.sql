-- The names of all indexes of the user's schema.
SELECT DISTINCT i.name AS name
FROM sys.indexes AS i
JOIN sys.tables AS t ON t.object_id = i.object_id
WHERE t.schema_id = SCHEMA_ID() AND i.name IS NOT NULL
ORDER BY i.name;
