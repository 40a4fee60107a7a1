-- What hangs on the client's tables: foreign keys of any table to them, of any table to those, and so on, in every
-- schema, and tables that inherit; triggers, rules and row security on all of these; and functions and operators of
-- the store's schema that a call of ours would reach in place of the system's.
-- (Run with pg_catalog as the search path, so that none of those can take part in this.)
WITH RECURSIVE here (id, name) AS (
  SELECT c.oid, c.relname
  FROM pg_class AS c
  JOIN pg_namespace AS n ON n.oid = c.relnamespace
  WHERE n.nspname = current_setting('lifecycle.schema') AND c.relkind IN ('r', 'p')
),
edges (child, parent) AS (
  SELECT k.conrelid, k.confrelid FROM pg_constraint AS k WHERE k.contype = 'f'
  UNION ALL
  SELECT i.inhrelid, i.inhparent FROM pg_inherits AS i
),
reached (id) AS (
  SELECT h.id FROM here AS h WHERE h.name IN ('ours')
  UNION
  SELECT e.child FROM reached AS r JOIN edges AS e ON e.parent = r.id
),
watched (id) AS (
  SELECT r.id FROM reached AS r
  UNION
  SELECT h.id FROM here AS h WHERE h.name IN ('beside')
),
named (id, name) AS (
  SELECT
    c.oid,
    CASE WHEN n.nspname = current_setting('lifecycle.schema') THEN c.relname::text ELSE concat(n.nspname, '.', c.relname) END
  FROM pg_class AS c
  JOIN pg_namespace AS n ON n.oid = c.relnamespace
),
rules (id, said) AS (
  VALUES ('a', 'NO ACTION'), ('r', 'RESTRICT'), ('c', 'CASCADE'), ('n', 'SET NULL'), ('d', 'SET DEFAULT')
),
planted (name, through) AS (
  SELECT p.proname, pg_get_function_identity_arguments(p.oid)
  FROM pg_proc AS p
  JOIN pg_namespace AS n ON n.oid = p.pronamespace
  WHERE n.nspname = current_setting('lifecycle.schema')
    AND NOT EXISTS (
      SELECT 1 FROM pg_depend AS d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
    )
    AND EXISTS (
      SELECT 1 FROM pg_proc AS s WHERE s.pronamespace = 'pg_catalog'::regnamespace AND s.proname = p.proname
    )
    AND NOT EXISTS (
      SELECT 1 FROM pg_type AS t WHERE t.oid = ANY (p.proargtypes) AND t.typnamespace <> 'pg_catalog'::regnamespace
    )
  UNION ALL
  SELECT o.oprname, concat_ws(', ', format_type(o.oprleft, NULL), format_type(o.oprright, NULL))
  FROM pg_operator AS o
  JOIN pg_namespace AS n ON n.oid = o.oprnamespace
  WHERE n.nspname = current_setting('lifecycle.schema')
    AND NOT EXISTS (
      SELECT 1 FROM pg_depend AS d WHERE d.classid = 'pg_operator'::regclass AND d.objid = o.oid AND d.deptype = 'e'
    )
    AND EXISTS (
      SELECT 1 FROM pg_operator AS s WHERE s.oprnamespace = 'pg_catalog'::regnamespace AND s.oprname = o.oprname
    )
    AND NOT EXISTS (
      SELECT 1
      FROM pg_type AS t
      WHERE t.oid IN (o.oprleft, o.oprright) AND t.typnamespace <> 'pg_catalog'::regnamespace
    )
)
:into
SELECT
  'key' AS kind,
  c.name,
  p.name AS place,
  (
    SELECT string_agg(concat(a.attname, '=', b.attname), ',' ORDER BY u.place)
    FROM unnest(k.conkey, k.confkey) WITH ORDINALITY AS u (own, other, place)
    JOIN pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = u.own
    JOIN pg_attribute AS b ON b.attrelid = k.confrelid AND b.attnum = u.other
  ) AS through,
  concat('ON DELETE ', x.said, ' ON UPDATE ', y.said) AS said,
  0 AS must_be_foreseen
FROM pg_constraint AS k
JOIN reached AS r ON r.id = k.confrelid
JOIN named AS c ON c.id = k.conrelid
JOIN named AS p ON p.id = k.confrelid
JOIN rules AS x ON x.id = k.confdeltype::text
JOIN rules AS y ON y.id = k.confupdtype::text
WHERE k.contype = 'f'
UNION ALL
SELECT 'heir', c.name, p.name, '', '', 0
FROM pg_inherits AS i
JOIN reached AS r ON r.id = i.inhparent
JOIN named AS c ON c.id = i.inhrelid
JOIN named AS p ON p.id = i.inhparent
UNION ALL
SELECT
  'trigger', t.tgname, p.name, '',
  concat_ws(
    ' ', CASE WHEN (t.tgtype & 4) <> 0 THEN 'INSERT' END, CASE WHEN (t.tgtype & 8) <> 0 THEN 'DELETE' END,
    CASE WHEN (t.tgtype & 16) <> 0 THEN 'UPDATE' END, 'EXECUTE', t.tgfoid::regproc::text
  ),
  0
FROM pg_trigger AS t
JOIN watched AS w ON w.id = t.tgrelid
JOIN named AS p ON p.id = t.tgrelid
WHERE NOT t.tgisinternal AND t.tgenabled <> 'D' AND (t.tgtype & 28) <> 0
UNION ALL
SELECT 'rule', t.rulename, p.name, '', t.ev_type::text, 0
FROM pg_rewrite AS t
JOIN watched AS w ON w.id = t.ev_class
JOIN named AS p ON p.id = t.ev_class
WHERE t.ev_enabled <> 'D'
UNION ALL
SELECT 'policy', p.name, p.name, '', '', 0
FROM watched AS w
JOIN named AS p ON p.id = w.id
WHERE row_security_active(w.id)
UNION ALL
SELECT 'function', concat(current_setting('lifecycle.schema'), '.', f.name), '', f.through, '', 0
FROM planted AS f
ORDER BY 1, 2, 3, 4;
