-- The statements that made the tables and indexes of sessions' rows.
SELECT m.sql
FROM sqlite_schema AS m
WHERE m.sql IS NOT NULL AND m.tbl_name IN ('message', 'part', 'event', 'session_message')
ORDER BY CASE m.type WHEN 'table' THEN 0 ELSE 1 END;
