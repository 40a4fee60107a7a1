-- Every table and its columns, in the store's order.
SELECT m.name AS table_name, c.name AS column_name
FROM sqlite_schema AS m
CROSS JOIN pragma_table_info(m.name) AS c
WHERE m.type = 'table' AND m.rootpage > 0
ORDER BY m.name, c.cid;
