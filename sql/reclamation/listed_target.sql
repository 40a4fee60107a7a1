-- The rows that a list names.
SELECT t.id, 1 AS tally
FROM lc_target AS t
WHERE t.kind = :kind AND t.name = :name AND t.field = :field;
