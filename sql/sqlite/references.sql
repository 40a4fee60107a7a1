-- Tables with a foreign key to a session; SQLite reads names in any case.
SELECT DISTINCT m.name AS table_name
FROM sqlite_schema AS m
JOIN pragma_foreign_key_list(m.name) AS k
WHERE m.type = 'table' AND LOWER(k."table") IN ('session', 'session_v2')
ORDER BY m.name;
