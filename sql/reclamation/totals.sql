-- Rows and octets that each kind frees.
SELECT g.kind, SUM(g.tally) AS found, SUM(g.bytes) AS bytes
FROM (
  SELECT t.kind, 1 AS tally, t.bytes FROM lc_target AS t
  UNION ALL
  SELECT 'events' AS kind, e.tally, e.bytes FROM lc_repeated AS e
  UNION ALL
  SELECT 'orphans' AS kind, o.tally, o.bytes FROM lc_stray AS o
  UNION ALL
  SELECT 'leftovers' AS kind, l.tally, l.bytes FROM lc_leftover AS l
) AS g
GROUP BY g.kind;
