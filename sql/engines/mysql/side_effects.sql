-- What hangs on the client's tables: foreign keys of any table to them, of any table to those, and so on, in every
-- database; triggers on all of these; tables of an engine that takes nothing back. What the user may not see of the
-- catalog is not in it.
:into
WITH RECURSIVE links (child, parent, through, said) AS (
  SELECT
    CAST(CASE WHEN k.TABLE_SCHEMA = DATABASE() THEN k.TABLE_NAME ELSE CONCAT(k.TABLE_SCHEMA, '.', k.TABLE_NAME) END
      AS CHAR(200) CHARACTER SET utf8mb4) COLLATE utf8mb4_bin,
    CAST(CASE WHEN k.REFERENCED_TABLE_SCHEMA = DATABASE() THEN k.REFERENCED_TABLE_NAME
      ELSE CONCAT(k.REFERENCED_TABLE_SCHEMA, '.', k.REFERENCED_TABLE_NAME) END
      AS CHAR(200) CHARACTER SET utf8mb4) COLLATE utf8mb4_bin,
    GROUP_CONCAT(CONCAT(k.COLUMN_NAME, '=', k.REFERENCED_COLUMN_NAME) ORDER BY k.ORDINAL_POSITION),
    CONCAT('ON DELETE ', MIN(f.DELETE_RULE), ' ON UPDATE ', MIN(f.UPDATE_RULE))
  FROM information_schema.KEY_COLUMN_USAGE AS k
  JOIN information_schema.REFERENTIAL_CONSTRAINTS AS f
    ON f.CONSTRAINT_SCHEMA = k.CONSTRAINT_SCHEMA AND f.TABLE_NAME = k.TABLE_NAME
    AND f.CONSTRAINT_NAME = k.CONSTRAINT_NAME
  WHERE k.REFERENCED_TABLE_NAME IS NOT NULL
  GROUP BY k.TABLE_SCHEMA, k.TABLE_NAME, k.CONSTRAINT_NAME, k.REFERENCED_TABLE_SCHEMA, k.REFERENCED_TABLE_NAME
),
reached (name) AS (
  SELECT CAST(t.TABLE_NAME AS CHAR(200) CHARACTER SET utf8mb4) COLLATE utf8mb4_bin
  FROM information_schema.TABLES AS t
  WHERE t.TABLE_SCHEMA = DATABASE() AND t.TABLE_TYPE = 'BASE TABLE' AND t.TABLE_NAME IN ('ours')
  UNION
  SELECT k.child FROM reached AS r JOIN links AS k ON k.parent = r.name
),
placed (name, kind, place, said) AS (
  SELECT
    CASE WHEN g.TRIGGER_SCHEMA = DATABASE() THEN g.TRIGGER_NAME ELSE CONCAT(g.TRIGGER_SCHEMA, '.', g.TRIGGER_NAME) END,
    'trigger',
    CAST(CASE WHEN g.EVENT_OBJECT_SCHEMA = DATABASE() THEN g.EVENT_OBJECT_TABLE
      ELSE CONCAT(g.EVENT_OBJECT_SCHEMA, '.', g.EVENT_OBJECT_TABLE) END
      AS CHAR(200) CHARACTER SET utf8mb4) COLLATE utf8mb4_bin,
    CONCAT(g.ACTION_TIMING, ' ', g.EVENT_MANIPULATION)
  FROM information_schema.TRIGGERS AS g
  UNION ALL
  SELECT t.TABLE_NAME, 'engine', CAST(t.TABLE_NAME AS CHAR(200) CHARACTER SET utf8mb4) COLLATE utf8mb4_bin, t.ENGINE
  FROM information_schema.TABLES AS t
  JOIN information_schema.ENGINES AS e ON e.ENGINE = t.ENGINE
  WHERE t.TABLE_SCHEMA = DATABASE() AND t.TABLE_TYPE = 'BASE TABLE' AND COALESCE(e.TRANSACTIONS, 'NO') <> 'YES'
)
SELECT 'key' AS kind, k.child AS name, r.name AS place, k.through, k.said, 0 AS must_be_foreseen
FROM reached AS r
JOIN links AS k ON k.parent = r.name
UNION ALL
SELECT p.kind, p.name, p.place, '', p.said, 0
FROM placed AS p
WHERE p.place IN (SELECT r.name FROM reached AS r) OR p.place IN ('beside')
ORDER BY 1, 2, 3, 4;
