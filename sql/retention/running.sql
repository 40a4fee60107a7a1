<%- import "retention/_busy_signs.sql" as busy -%>
<%- set cannot_run -%>
p.data NOT LIKE '%"pending"%' AND p.data NOT LIKE '%"running"%'
<%- endset -%>
<%- for sign, table, owner, mark in busy.signs if store.has(table, mark or owner) %>
-- Busy by << table >><< "." ~ mark if mark >>, whatever the age: the next start of the client resumes what is claimed or queued.
<%- if mark %>
-- (x = x means that x is not NULL; put like this, SQLite reads its partial index of such rows, and nothing else.)
<%- endif %>
INSERT INTO lc_running (id, sign)
SELECT t.<< owner >>, '<< sign >>'
FROM << table >> AS t
WHERE t.<< owner >> IS NOT NULL<% if mark %> AND t.<< mark >> = t.<< mark >><% endif %>;
<% endfor %>
-- Nothing of the climb is needed any more.
DELETE FROM lc_reach;

-- Trees with a row newer than a week: a message left open longer ago is a crash, not work in progress. Where one age
-- by activity decides alone, only trees over it are looked at, unless every rule's verdict is asked for. Limits of
-- single projects, or ages by creation, take trees that are not over it.
INSERT INTO lc_reach (id, fresh)
SELECT r.root_id, MAX(s.newest)
FROM lc_session AS s
JOIN lc_root AS r ON r.id = s.id
GROUP BY r.root_id
HAVING MAX(s.newest) >= :week_ago
  AND (:every_rule = 1 OR :by_created = 1 OR MAX(s.active) < :active_since
    OR EXISTS (SELECT 1 FROM lc_section AS c)
    OR COALESCE(:max_sessions, :max_size, :max_tree_size, :child_since) IS NOT NULL);

-- Their sessions: the only ones whose JSON is read. (CROSS JOIN: SQLite takes the tables in the order they stand,
-- the short list first.)
INSERT INTO lc_recent (id)
SELECT r.id
FROM lc_root AS r
JOIN lc_reach AS t ON t.id = r.root_id;
<% for table in store.roots if store.has(table, "time_compacting") %>
-- A session that is being compacted.
INSERT INTO lc_running (id, sign)
SELECT t.id, 'compacting'
FROM lc_recent AS r
CROSS JOIN << table >> AS t
WHERE t.id = r.id AND t.time_compacting IS NOT NULL;
<% endfor %>
<% if store.has("message") %>
-- An assistant's message that neither completed nor failed.
INSERT INTO lc_running (id, sign)
SELECT m.session_id, 'message'
FROM lc_recent AS r
CROSS JOIN message AS m
WHERE m.session_id = r.id
  AND CASE WHEN m.data LIKE '{"role":"user"%' THEN 0
  WHEN json_valid(m.data) = 1 THEN
    CASE WHEN json_extract(m.data, '$.role') = 'assistant'
      AND json_has(m.data, '$.time.completed') = 0
      AND json_has(m.data, '$.error') = 0 THEN 1 ELSE 0 END
  ELSE 0 END = 1;
<% endif %>
<%- if store.has("session_message") %>
INSERT INTO lc_running (id, sign)
SELECT m.session_id, 'message'
FROM lc_recent AS r
CROSS JOIN session_message AS m
WHERE m.session_id = r.id
  AND m.type = 'assistant'
  -- The client ends a message with the moment at which it was completed: such a one is not taken apart.
  AND CASE WHEN m.data LIKE '%,"time":{"created":_____________,"completed":_____________}}' THEN 0
  WHEN json_valid(m.data) = 1 THEN
    CASE WHEN json_has(m.data, '$.time.completed') = 0 AND json_has(m.data, '$.error') = 0 THEN 1 ELSE 0 END
  ELSE 0 END = 1;
<% endif %>
<%- if store.has("part") %>
-- A tool call that has not ended. Looking for the words first is quicker, and takes no memory: the parts of a huge text
-- would be kept several times.
INSERT INTO lc_running (id, sign)
SELECT m.session_id, 'tool'
FROM lc_recent AS r
CROSS JOIN message AS m
CROSS JOIN part AS p
WHERE m.session_id = r.id AND p.message_id = m.id
  AND CASE
    WHEN << cannot_run >> THEN 0
    WHEN json_valid(p.data) = 0 THEN 0
    WHEN json_extract(p.data, '$.type') = 'tool' AND json_extract(p.data, '$.state.status') IN ('pending', 'running')
      THEN 1
    ELSE 0
  END = 1;

INSERT INTO lc_running (id, sign)
SELECT p.session_id, 'tool'
FROM lc_recent AS r
CROSS JOIN part AS p
WHERE p.session_id = r.id
  AND CASE
    WHEN EXISTS (SELECT 1 FROM message AS m WHERE m.id = p.message_id) THEN 0
    WHEN << cannot_run >> THEN 0
    WHEN json_valid(p.data) = 0 THEN 0
    WHEN json_extract(p.data, '$.type') = 'tool' AND json_extract(p.data, '$.state.status') IN ('pending', 'running')
      THEN 1
    ELSE 0
  END = 1;
<% endif %>
