-- The names of all indexes of the file.
SELECT s.name AS name
FROM sqlite_schema AS s
WHERE s.type = 'index'
ORDER BY s.name;
