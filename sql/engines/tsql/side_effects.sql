-- What hangs on the client's tables: foreign keys of any table to them, of any table to those, and so on, in every
-- schema of the database; triggers and row security on all of these. (A foreign key never leaves its database; they may go
-- round in a circle, so it is followed eight times.)
WITH named (id, name) AS (
  SELECT
    t.object_id,
    CASE WHEN t.schema_id = SCHEMA_ID() THEN t.name ELSE CONCAT(SCHEMA_NAME(t.schema_id), N'.', t.name) END
  FROM sys.tables AS t
),
reached (id, depth) AS (
  SELECT t.object_id, 0 FROM sys.tables AS t WHERE t.schema_id = SCHEMA_ID() AND t.name IN ('ours')
  UNION ALL
  SELECT f.parent_object_id, r.depth + 1
  FROM reached AS r
  JOIN sys.foreign_keys AS f ON f.referenced_object_id = r.id AND f.parent_object_id <> r.id
  WHERE r.depth < 8
),
watched (id) AS (
  SELECT r.id FROM reached AS r
  UNION
  SELECT t.object_id FROM sys.tables AS t WHERE t.schema_id = SCHEMA_ID() AND t.name IN ('beside')
)
:into
SELECT DISTINCT
  N'key' AS kind,
  c.name,
  p.name AS place,
  STUFF((
    SELECT CONCAT(N',', COL_NAME(k.parent_object_id, k.parent_column_id), N'=',
      COL_NAME(k.referenced_object_id, k.referenced_column_id))
    FROM sys.foreign_key_columns AS k
    WHERE k.constraint_object_id = f.object_id
    ORDER BY k.constraint_column_id
    FOR XML PATH('')
  ), 1, 1, N'') AS through,
  CONCAT(N'ON DELETE ', REPLACE(f.delete_referential_action_desc, N'_', N' '), N' ON UPDATE ',
    REPLACE(f.update_referential_action_desc, N'_', N' ')) AS said,
  0 AS must_be_foreseen
FROM sys.foreign_keys AS f
JOIN watched AS w ON w.id = f.referenced_object_id
JOIN named AS c ON c.id = f.parent_object_id
JOIN named AS p ON p.id = f.referenced_object_id
WHERE f.referenced_object_id IN (SELECT r.id FROM reached AS r)
UNION
SELECT N'trigger', g.name, p.name, N'', e.type_desc, 0
FROM sys.triggers AS g
JOIN sys.trigger_events AS e ON e.object_id = g.object_id
JOIN watched AS w ON w.id = g.parent_id
JOIN named AS p ON p.id = g.parent_id
WHERE g.is_disabled = 0
UNION
SELECT N'policy', p.name, p.name, N'', N'', 0
FROM sys.security_predicates AS s
JOIN sys.security_policies AS o ON o.object_id = s.object_id AND o.is_enabled = 1
JOIN watched AS w ON w.id = s.target_object_id
JOIN named AS p ON p.id = s.target_object_id
ORDER BY 1, 2, 3, 4;
