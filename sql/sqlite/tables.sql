-- Every table and its columns, in the store's order.
SELECT m.name AS table_name, c.name AS column_name
FROM sqlite_schema AS m
JOIN pragma_table_info(m.name) AS c
WHERE m.type = 'table'
ORDER BY m.name, c.cid;
