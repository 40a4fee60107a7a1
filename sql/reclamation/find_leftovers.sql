<%- import "reclamation/_leftovers.sql" as old -%>
<%- import "retention/_protections.sql" as protection -%>
<#- Which sessions `leftovers` removes the rows of 1.x of. What 2.x has taken over matches when every message of 1.x has
    its message of 2.x, not older than itself, with all its entries; what keeps a session out is said below, one
    reason a statement. -#>
-- Sessions that were there when the client began its move to 2.x, were not written to since, and are idle. `gone`:
-- they have no row of 2.x any more.
INSERT INTO lc_leftover_candidate (id, gone)
SELECT s.id, CASE WHEN EXISTS (SELECT 1 FROM session_v2 AS v WHERE v.id = s.id) THEN 0 ELSE 1 END
FROM kv AS k
CROSS JOIN session AS s
JOIN lc_session AS f ON f.id = s.id
WHERE << old.moved("k") >>
  AND s.time_created < k.time_created AND s.time_updated < k.time_created
  AND f.active < :idle_since AND f.newest < :week_ago AND << protection.free("f", false) >>;

-- Something of them was written by 1.x since, or cannot be dated.
INSERT INTO lc_no_leftover (id)
SELECT l.id
FROM lc_leftover_candidate AS l
JOIN message AS m ON m.session_id = l.id
CROSS JOIN kv AS k
WHERE k.key = 'migration.v1-v2' AND m.time_updated >= k.time_created;

INSERT INTO lc_no_leftover (id)
SELECT l.id
FROM lc_leftover_candidate AS l
JOIN message AS m ON m.session_id = l.id
JOIN part AS p ON p.message_id = m.id
CROSS JOIN kv AS k
WHERE k.key = 'migration.v1-v2'
  AND CASE WHEN clean_time(p.time_updated) IS NULL THEN 1 WHEN p.time_updated >= k.time_created THEN 1 ELSE 0 END = 1;

-- Parts that the move did not count to the session of their message, and parts that have none, unless they go first.
INSERT INTO lc_no_leftover (id)
SELECT l.id
FROM lc_leftover_candidate AS l
JOIN message AS m ON m.session_id = l.id
JOIN part AS p ON p.message_id = m.id
WHERE p.session_id <> l.id;

INSERT INTO lc_no_leftover (id)
SELECT l.id
FROM lc_leftover_candidate AS l
JOIN part AS p ON p.session_id = l.id
WHERE NOT EXISTS (SELECT 1 FROM message AS m WHERE m.id = p.message_id AND m.session_id = p.session_id)
  AND NOT EXISTS (SELECT 1 FROM lc_stray AS o WHERE o.id = p.id AND o.name = 'part');
<% for table in store.owned if table.name in old.others %>
-- << table.name >> rows keep them.
INSERT INTO lc_no_leftover (id)
SELECT l.id
FROM lc_leftover_candidate AS l
JOIN << table.name >> AS t ON t.<< table.key >> = l.id;
<% endfor %>
<%- for table in store.owned if table.key != "id" and table.name not in old.tables + old.others %>
-- << table.name >> rows of what 2.x would have removed with all of them.
INSERT INTO lc_no_leftover (id)
SELECT l.id
FROM lc_leftover_candidate AS l
JOIN << table.name >> AS t ON t.<< table.key >> = l.id
WHERE l.gone = 1;
<% endfor %>
-- The row of 2.x is older than the one it was made from.
INSERT INTO lc_no_leftover (id)
SELECT l.id
FROM lc_leftover_candidate AS l
JOIN session AS s ON s.id = l.id
JOIN session_v2 AS v ON v.id = l.id
WHERE v.time_updated < s.time_updated;

-- Messages that have neither a message of 2.x with their id, nor are the summary that was put into a compaction.
INSERT INTO lc_no_leftover (id)
SELECT l.id
FROM lc_leftover_candidate AS l
JOIN message AS m ON m.session_id = l.id
WHERE l.gone = 0
  AND NOT EXISTS (
    SELECT 1 FROM session_message AS t
    WHERE t.id = m.id AND t.session_id = m.session_id AND t.time_created = m.time_created
      AND t.time_updated >= m.time_updated
  )
  AND NOT EXISTS (
    SELECT 1 FROM session_message AS t
    WHERE t.id = CASE WHEN json_valid(m.data) = 1 THEN json_extract(m.data, '$.parentID') END
      AND t.session_id = m.session_id AND t.type = 'compaction' AND t.time_updated >= m.time_updated
  );

-- Parts that the move could not read.
INSERT INTO lc_no_leftover (id)
SELECT l.id
FROM lc_leftover_candidate AS l
JOIN message AS m ON m.session_id = l.id
JOIN part AS p ON p.message_id = m.id
WHERE l.gone = 0 AND << old.is_readable("p.data") >> = 0;

-- Answers of which 2.x has more or fewer entries.
INSERT INTO lc_no_leftover (id)
SELECT l.id
FROM lc_leftover_candidate AS l
JOIN message AS m ON m.session_id = l.id
JOIN session_message AS t ON t.id = m.id
WHERE l.gone = 0 AND t.type = 'assistant'
  AND CASE WHEN json_valid(t.data) = 1 THEN json_count(t.data, '$.content') ELSE -1 END <> (
    SELECT COUNT(*) FROM part AS p WHERE p.message_id = m.id AND << old.is_entry("p.data") >> = 1
  );

DELETE FROM lc_leftover_candidate
WHERE id IN (SELECT u.id FROM lc_no_leftover AS u);

-- Of a tree that 2.x has removed all must be gone, and nothing may protect it: what stays would lose its parent, or
-- its tree some of its age.
INSERT INTO lc_staying_tree (root_id)
SELECT r.root_id
FROM lc_root AS r
JOIN lc_verdict AS v ON v.root_id = r.root_id
LEFT JOIN lc_leftover_candidate AS l ON l.id = r.id
WHERE v.protection IS NOT NULL OR COALESCE(l.gone, 0) = 0
GROUP BY r.root_id;

DELETE FROM lc_no_leftover;

INSERT INTO lc_no_leftover (id)
SELECT l.id
FROM lc_leftover_candidate AS l
JOIN lc_root AS r ON r.id = l.id
JOIN lc_staying_tree AS t ON t.root_id = r.root_id
WHERE l.gone = 1;

DELETE FROM lc_leftover_candidate
WHERE id IN (SELECT u.id FROM lc_no_leftover AS u);

-- What goes, and what it consists of.
INSERT INTO lc_leftover (number, id, gone, tally, bytes, written)
SELECT
  ROW_NUMBER() OVER (ORDER BY l.id), l.id, l.gone,
  << old.total(store, "l.id", "tally") >>,
  << old.total(store, "l.id", "bytes") >>,
  << old.total(store, "l.id", "written") >>
FROM lc_leftover_candidate AS l;

-- What goes whole is of no interest to the kinds that shrink rows.
DELETE FROM lc_target
WHERE name = 'part'
  AND id IN (
    SELECT p.id FROM lc_leftover AS t JOIN message AS m ON m.session_id = t.id JOIN part AS p ON p.message_id = m.id
  );

DELETE FROM lc_target
WHERE name = 'message' AND id IN (SELECT m.id FROM lc_leftover AS t JOIN message AS m ON m.session_id = t.id);

DELETE FROM lc_target
WHERE name = 'session' AND id IN (SELECT t.id FROM lc_leftover AS t);
