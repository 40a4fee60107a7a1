<%- import "reclamation/_rules.sql" as rule -%>
-- The logs of sessions that are there and that no other machine owns, numbered, how long each is, and up to which of its
-- events it is looked at: what is logged from here on stays, and so does what is ahead of the log's own number, since
-- it could not come back in front of what the client writes next.
INSERT INTO lc_log (id, number, tally, owned, kept, through)
SELECT
  u.id, ROW_NUMBER() OVER (ORDER BY u.id), u.tally, 0, 1,
  << "CASE WHEN q.seq < u.through THEN q.seq ELSE u.through END" if store.has("event_sequence") else "u.through" >>
FROM (
  SELECT e.aggregate_id AS id, COUNT(*) AS tally, MAX(e.seq) AS through
  FROM event AS e
  GROUP BY e.aggregate_id
) AS u
<%- if store.has("event_sequence") %>
LEFT JOIN event_sequence AS q ON q.aggregate_id = u.id
<%- endif %>
WHERE << rule.ours(store, "u.id") >> AND (<< rule.known(store, "u.id") >>);
