<%- import "reclamation/_rules.sql" as rule -%>
-- Huge parts that are marked as cleared and stay as they are: what is long in them is not only what would go.
SELECT COUNT(*) AS tally, MIN(k.id) AS id
FROM lc_skeleton AS k
WHERE k.name = 'part' AND << rule.is_compacted("k.value") >> = 1 AND NOT << rule.is_whole(rule.compacted("k.value")) >>;
