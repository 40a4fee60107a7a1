<%- import "reclamation/_rules.sql" as rule -%>
-- Whose log there is, in the order in which it is read.
INSERT INTO lc_log (id, number, tally, owned, kept)
SELECT
  u.id,
  ROW_NUMBER() OVER (ORDER BY u.id),
  u.tally,
  CASE WHEN << rule.ours(store, "u.id") >> THEN 0 ELSE 1 END,
  CASE WHEN << rule.known(store, "u.id") >> THEN 1 ELSE 0 END
FROM lc_usage AS u
WHERE u.name = 'event' AND u.id IS NOT NULL;
