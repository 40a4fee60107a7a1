-- What hangs on the client's tables: foreign keys of any table to them, of any table to those, and so on; triggers on
-- all of these. SQLite reads names in any case, and does not say which event a trigger waits for.
WITH RECURSIVE links (child, parent, through, said) AS (
  SELECT k.child, MIN(k.parent), GROUP_CONCAT(k.pair, ','), MIN(k.said)
  FROM (
    SELECT
      m.name AS child,
      f.id AS number,
      f."table" AS parent,
      f."from" || '=' || COALESCE(f."to", '') AS pair,
      'ON DELETE ' || f.on_delete || ' ON UPDATE ' || f.on_update AS said
    FROM sqlite_schema AS m
    CROSS JOIN pragma_foreign_key_list(m.name) AS f
    WHERE m.type = 'table'
    ORDER BY m.name, f.id, f.seq
  ) AS k
  GROUP BY k.child, k.number
),
reached (name) AS (
  SELECT m.name FROM sqlite_schema AS m WHERE m.type = 'table' AND LOWER(m.name) IN ('ours')
  UNION
  SELECT k.child FROM reached AS r JOIN links AS k ON LOWER(k.parent) = LOWER(r.name)
)
:into
SELECT 'key' AS kind, k.child AS name, r.name AS place, k.through, k.said, 0 AS must_be_foreseen
FROM reached AS r
JOIN links AS k ON LOWER(k.parent) = LOWER(r.name)
UNION ALL
SELECT 'trigger', m.name, m.tbl_name, '', 'at any event', 0
FROM sqlite_schema AS m
WHERE m.type = 'trigger' AND (m.tbl_name IN (SELECT r.name FROM reached AS r) OR m.tbl_name IN ('beside'))
ORDER BY 1, 2, 3, 4;
