<%- import "reclamation/_rules.sql" as rule -%>
-- The logs of sessions that are there and that no other machine owns, numbered, and how long each is.
INSERT INTO lc_log (id, number, tally, owned, kept)
SELECT u.id, ROW_NUMBER() OVER (ORDER BY u.id), u.tally, 0, 1
FROM (
  SELECT e.aggregate_id AS id, COUNT(*) AS tally
  FROM event AS e
  GROUP BY e.aggregate_id
) AS u
WHERE << rule.ours(store, "u.id") >> AND (<< rule.known(store, "u.id") >>);
