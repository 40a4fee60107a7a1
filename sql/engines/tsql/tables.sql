-- Every table of the user's schema and its columns: type, NOT NULL, default, place in the primary key.
-- (A length is in octets here, two for a character; -1 is no limit.)
SELECT
  t.name AS table_name,
  c.name AS column_name,
  CASE
    WHEN TYPE_NAME(c.system_type_id) LIKE N'n%char' AND c.max_length > 0
      THEN CONCAT(TYPE_NAME(c.system_type_id), N'(', c.max_length / 2, N')')
    ELSE TYPE_NAME(c.system_type_id)
  END AS type,
  CASE WHEN c.is_nullable = 0 THEN 1 ELSE 0 END AS required,
  OBJECT_DEFINITION(c.default_object_id) AS fallback,
  CAST(COALESCE(k.key_ordinal, 0) AS INT) AS place_in_key
FROM sys.tables AS t
JOIN sys.columns AS c ON c.object_id = t.object_id
LEFT JOIN sys.indexes AS i ON i.object_id = t.object_id AND i.is_primary_key = 1
LEFT JOIN sys.index_columns AS k
  ON k.object_id = i.object_id AND k.index_id = i.index_id AND k.column_id = c.column_id
WHERE t.schema_id = SCHEMA_ID()
ORDER BY t.name, c.column_id;
