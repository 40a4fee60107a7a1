-- Huge rows that stay as they are, each once whatever kinds looked at it; one of them is named.
SELECT COUNT(*) AS tally, MIN(u.id) AS id
FROM (SELECT t.name, t.id FROM lc_too_large AS t GROUP BY t.name, t.id) AS u;
