-- Every ordinary table and its columns: declared type, NOT NULL, default, place in the primary key.
SELECT t.name AS table_name, c.name AS column_name, c.type, c."notnull" AS required, c.dflt_value AS fallback, c.pk AS place_in_key
FROM pragma_table_list AS t
JOIN pragma_table_info(t.name) AS c
WHERE t.type = 'table' AND t.schema = 'main' AND t.name NOT LIKE 'sqlite!_%' ESCAPE '!'
ORDER BY t.name, c.cid;
