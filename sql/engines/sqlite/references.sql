-- Tables with a foreign key to a session, or a generated column that is a session key; SQLite reads names in any case.
SELECT m.name AS table_name
FROM sqlite_schema AS m
CROSS JOIN pragma_foreign_key_list(m.name) AS k
WHERE m.type = 'table' AND LOWER(k."table") IN ('session', 'session_v2')
UNION
SELECT m.name
FROM sqlite_schema AS m
CROSS JOIN pragma_table_xinfo(m.name) AS c
WHERE m.type = 'table'
  AND m.rootpage > 0
  AND c.hidden > 1
  AND REPLACE(REPLACE(LOWER(c.name), '_', ''), '-', '') IN ('sessionid', 'aggregateid')
ORDER BY 1;
