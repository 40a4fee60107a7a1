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
-- The facts of each session. Activity is the newest time of the session or of a message, never its creation, which
-- is told apart;
-- event rows are counted apart, since they may go ahead of the rest.
INSERT INTO lc_session (
  id, parent_id, project_id, directory, title, shared, archived, unsafe, unclear, active, created, newest, tally,
  bytes, log_rows, log_bytes, seq, checksum, facts
)
SELECT
  k.id,
  << row.value(store, "parent_id") >>,
  << row.value(store, "project_id") >>,
  << row.value(store, "directory") >>,
  << row.value(store, "title") >>,
  << row.shared(store, "k.id") >>,
  << row.archived(store) >>,
  << row.unsafe(store, "k.id") >>,
  CASE WHEN u.unclear > 0 THEN 1 ELSE 0 END,
  COALESCE(u.active, 0),
  << row.created(store) >>,
  COALESCE(u.newest, 0),
  u.tally,
  u.bytes,
  u.log_rows,
  u.log_bytes,
  << row.seq(store, "k.id") >>,
  u.checksum,
  << row.facts(store) >>
FROM lc_link AS k
<< row.joins(store, "k.id") >>
JOIN (
  SELECT
    id,
    SUM(unclear) AS unclear,
    MAX(CASE WHEN name IN ('session', 'session_v2', 'message', 'session_message') THEN newest END) AS active,
    MAX(newest) AS newest,
    SUM(CASE WHEN name = 'event' THEN 0 ELSE tally END) AS tally,
    SUM(checksum) AS checksum,
    SUM(bytes) AS bytes,
    SUM(CASE WHEN name = 'event' THEN tally ELSE 0 END) AS log_rows,
    SUM(CASE WHEN name = 'event' THEN bytes ELSE 0 END) AS log_bytes
  FROM lc_usage
  GROUP BY id
) AS u ON u.id = k.id;

-- A second name for the sessions, to join them with their parents.
DELETE FROM lc_link;

INSERT INTO lc_link (id, parent_id)
SELECT s.id, s.parent_id
FROM lc_session AS s;
