-- Tables with a foreign key to a session.
SELECT DISTINCT k.TABLE_NAME AS table_name
FROM information_schema.KEY_COLUMN_USAGE AS k
WHERE k.TABLE_SCHEMA = DATABASE() AND k.REFERENCED_TABLE_NAME IN ('session', 'session_v2')
ORDER BY k.TABLE_NAME;
