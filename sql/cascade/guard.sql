<%- import "retention/_sources.sql" as row -%>
<%- set batch = "(SELECT MAX(b.number) FROM lc_batch AS b)" -%>
<%- macro newest(table) -%>
MAX(<% if table.updated %>clean_time(t.<< table.updated >>)<% else %>0<% endif %>)
<%- endmacro -%>
-- Count the rows of the batch's sessions once more, and look for the newest of them: each table is read once, by its
-- index. (CROSS JOIN: SQLite takes the tables in the order they stand, the short list first.)
DELETE FROM lc_census;
<% for table in store.owned if not table.log %>
<%- if table.via %>
-- << table.name >>: a row belongs to the session of its << table.via.table >>. `named`: and names that session itself.
INSERT INTO lc_census (id, name, tally, named, checksum, newest)
SELECT
  p.id, '<< table.name >>', COUNT(*), SUM(CASE WHEN t.<< table.key >> = p.id THEN 1 ELSE 0 END),
  SUM(<< row.checksum(table, "t") >>), << newest(table) >>
FROM lc_planned AS p
CROSS JOIN << table.via.table >> AS owner
CROSS JOIN << table.name >> AS t
WHERE p.batch = << batch >> AND owner.session_id = p.id AND t.<< table.via.column >> = owner.id
GROUP BY p.id;

-- Do more rows name the session? Seldom: only then their << table.via.table >>s are looked up,
DELETE FROM lc_more;

INSERT INTO lc_more (id)
SELECT k.id
FROM (
  SELECT p.id, COUNT(*) AS tally
  FROM lc_planned AS p
  CROSS JOIN << table.name >> AS t
  WHERE p.batch = << batch >> AND t.<< table.key >> = p.id
  GROUP BY p.id
) AS k
LEFT JOIN lc_census AS c ON c.id = k.id AND c.name = '<< table.name >>'
WHERE k.tally > COALESCE(c.named, 0);

-- since a row without its << table.via.table >> belongs to the session it names itself.
INSERT INTO lc_census (id, name, tally, named, checksum, newest)
SELECT m.id, '<< table.name >>', COUNT(*), COUNT(*), SUM(<< row.checksum(table, "t") >>), << newest(table) >>
FROM lc_more AS m
CROSS JOIN << table.name >> AS t
WHERE t.<< table.key >> = m.id
  AND NOT EXISTS (SELECT 1 FROM << table.via.table >> AS owner WHERE owner.id = t.<< table.via.column >>)
GROUP BY m.id;
<%- else %>
-- << table.name >>, by its << table.key >>.
INSERT INTO lc_census (id, name, tally, named, checksum, newest)
SELECT p.id, '<< table.name >>', COUNT(*), COUNT(*), SUM(<< row.checksum(table, "t") >>), << newest(table) >>
FROM lc_planned AS p
CROSS JOIN << table.name >> AS t
WHERE p.batch = << batch >> AND t.<< table.key >> = p.id
GROUP BY p.id;
<%- endif %>
<% endfor %>
-- Each session of the batch must be what the plan saw: the same facts, as many rows with
-- the same checksum, and none of them newer.
DELETE FROM lc_seen;

INSERT INTO lc_seen (id, root_id, intact)
SELECT
  p.id,
  p.root_id,
  CASE
    WHEN COALESCE(<< row.value(store, "parent_id") >>, '') = COALESCE(p.parent_id, '')
      AND COALESCE(<< row.value(store, "project_id") >>, '') = COALESCE(p.project_id, '')
      AND << row.shared(store, "p.id") >> = p.shared
      AND << row.archived(store) >> = p.archived
      AND << row.seq(store, "p.id") >> = p.seq
      AND << row.facts(store) >> = p.facts
      AND c.tally = p.tally
      AND c.checksum = p.checksum
      AND COALESCE(c.newest, 0) <= p.newest
    THEN 1 ELSE 0
  END
FROM lc_planned AS p
JOIN (
  SELECT id, SUM(tally) AS tally, SUM(checksum) AS checksum, MAX(newest) AS newest
  FROM lc_census
  GROUP BY id
) AS c ON c.id = p.id
<< row.joins(store, "p.id") >>
WHERE p.batch = << batch >> AND NOT (<< row.missing(store) >>);

-- A unit stays whole when one of its sessions changed,
DELETE FROM lc_objection;

INSERT INTO lc_objection (root_id, reason)
SELECT s.root_id, 'changed'
FROM lc_seen AS s
WHERE s.intact = 0;

-- when a part of it is gone already,
INSERT INTO lc_objection (root_id, reason)
SELECT p.root_id, 'changed'
FROM lc_planned AS p
JOIN lc_batch AS b ON b.number = p.batch
LEFT JOIN lc_seen AS s ON s.id = p.id
GROUP BY p.root_id
HAVING COUNT(s.id) > 0 AND COUNT(s.id) < COUNT(*);

-- when the line of its topmost session was struck out of the list,
INSERT INTO lc_objection (root_id, reason)
SELECT s.root_id, 'struck'
FROM lc_seen AS s
LEFT JOIN lc_planned AS p ON p.id = s.root_id AND p.root_id = s.root_id
WHERE p.id IS NULL;
<% for table in store.roots %>
-- when a session below it is not in the list: a new child, or a line struck out,
INSERT INTO lc_objection (root_id, reason)
SELECT s.root_id, 'child'
FROM lc_seen AS s
CROSS JOIN << table >> AS c
LEFT JOIN lc_planned AS p ON p.id = c.id AND p.root_id = s.root_id
WHERE c.parent_id = s.id AND c.id IS NOT NULL AND p.id IS NULL
<%- if table == "session" and store.has("session_v2") %>
  AND NOT EXISTS (SELECT 1 FROM session_v2 AS twin WHERE twin.id = c.id)
<%- endif %>;
<% endfor %>
-- when it was pinned in the meantime,
INSERT INTO lc_objection (root_id, reason)
SELECT s.root_id, 'pinned'
FROM lc_seen AS s
JOIN lc_kept AS k ON k.id = s.id;
<% if store.has("kv") %>
-- and while the client moves sessions from 1.x to 2.x.
INSERT INTO lc_objection (root_id, reason)
SELECT s.root_id, 'migrating'
FROM lc_seen AS s
WHERE EXISTS (
  SELECT 1 FROM kv AS k
  WHERE k.key = 'migration.v1-v2'
    AND CASE WHEN json_valid(k.value) = 1 THEN COALESCE(json_extract(k.value, '$.phase'), '') ELSE '' END <> 'completed'
);
<% endif %>
-- Remember it for the report.
DELETE FROM lc_spared
WHERE root_id IN (SELECT o.root_id FROM lc_objection AS o);

INSERT INTO lc_spared (root_id, reason)
SELECT o.root_id, MIN(o.reason)
FROM lc_objection AS o
GROUP BY o.root_id;

-- All others may go.
DELETE FROM lc_doomed;

INSERT INTO lc_doomed (id)
SELECT s.id
FROM lc_seen AS s
WHERE NOT EXISTS (SELECT 1 FROM lc_objection AS o WHERE o.root_id = s.root_id);
