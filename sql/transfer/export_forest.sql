<%- import "retention/_sources.sql" as row -%>
<%- for table in store.roots | reverse %>
-- Every id with a row in << table >><< ", unless it is known by now" if not loop.first >>.
INSERT INTO lc_link (id, parent_id)
SELECT s.id, NULL
FROM << table >> AS s
WHERE s.id IS NOT NULL
<%- if not loop.first %>
  AND NOT EXISTS (SELECT 1 FROM session_v2 AS twin WHERE twin.id = s.id)
<%- endif %>;
<% endfor %>
-- Who is whose child, and of which project. Nothing is judged here, so no other fact is looked up.
INSERT INTO lc_session (
  id, parent_id, project_id, shared, archived, unsafe, unclear, active, newest, tally, bytes, log_rows, log_bytes, seq,
  checksum
)
SELECT
  k.id, << row.value(store, "parent_id") >>, << row.value(store, "project_id") >>, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
FROM lc_link AS k
<< row.joins(store, "k.id") >>;

-- A second name for the sessions, to join them with their parents.
DELETE FROM lc_link;

INSERT INTO lc_link (id, parent_id)
SELECT s.id, s.parent_id
FROM lc_session AS s;
