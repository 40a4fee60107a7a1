-- Every table of the current schema and its columns: type, longest text, NOT NULL, default, place in the primary key.
SELECT
  c.relname AS table_name,
  a.attname AS column_name,
  format_type(a.atttypid, a.atttypmod) AS type,
  CASE WHEN a.attnotnull THEN 1 ELSE 0 END AS required,
  pg_get_expr(d.adbin, d.adrelid) AS fallback,
  COALESCE(array_position(k.conkey, a.attnum), 0) AS place_in_key
FROM pg_class AS c
JOIN pg_namespace AS n ON n.oid = c.relnamespace
JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_attrdef AS d ON d.adrelid = c.oid AND d.adnum = a.attnum
LEFT JOIN pg_constraint AS k ON k.conrelid = c.oid AND k.contype = 'p'
WHERE n.nspname = current_setting('lifecycle.schema') AND c.relkind IN ('r', 'p')
ORDER BY c.relname, a.attnum;
