<%- import "reclamation/_rules.sql" as rule -%>
-- The sessions that have an event log, in the order in which the logs are read.
INSERT INTO lc_log (id, number, tally, owned, kept, through)
SELECT
  u.id,
  ROW_NUMBER() OVER (ORDER BY u.id),
  u.tally,
  CASE WHEN << rule.ours(store, "u.id") >> THEN 0 ELSE 1 END,
  CASE WHEN << rule.known(store, "u.id") >> THEN 1 ELSE 0 END,
  << "q.seq" if store.has("event_sequence") else "NULL" >>
FROM lc_usage AS u
<%- if store.has("event_sequence") %>
LEFT JOIN event_sequence AS q ON q.aggregate_id = u.id
<%- endif %>
WHERE u.name = 'event' AND u.id IS NOT NULL;
