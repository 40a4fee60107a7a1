-- Tables with a foreign key to a session.
SELECT DISTINCT t.name AS table_name
FROM sys.foreign_keys AS f
JOIN sys.tables AS t ON t.object_id = f.parent_object_id
WHERE t.schema_id = SCHEMA_ID() AND OBJECT_NAME(f.referenced_object_id) IN (N'session', N'session_v2')
ORDER BY t.name;
