-- The statements that made the tables and indexes of a file, each with its table; tables first.
SELECT m.tbl_name AS table_name, m.sql
FROM sqlite_schema AS m
WHERE m.sql IS NOT NULL AND m.type IN ('table', 'index') AND m.rootpage > 0
ORDER BY CASE m.type WHEN 'table' THEN 0 ELSE 1 END, m.rowid;
