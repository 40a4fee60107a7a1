<%- import "schema/_names.sql" as name -%>
<%- import "reclamation/_rules.sql" as rule -%>
-- Events that are not there, of sessions that are, and that no log will come to again: one that began anew writes its
-- own.
INSERT INTO event (<< name.listed(columns) >>)
SELECT << name.listed(columns, "n.") >>
FROM << name.quoted("lc_in_" ~ shape.name) >> AS n
WHERE NOT EXISTS (SELECT 1 FROM event AS t WHERE t.id = n.id)
  AND NOT EXISTS (SELECT 1 FROM event AS u WHERE u.aggregate_id = n.aggregate_id AND u.seq = n.seq)
<%- if store.has("event_sequence") %>
  AND NOT EXISTS (SELECT 1 FROM event_sequence AS q WHERE q.aggregate_id = n.aggregate_id AND q.seq < n.seq)
<%- endif %>
  AND (<< rule.known(store, "n.aggregate_id") >>);
