-- The rows that are not sent, since the copy has more of each.
SELECT
  k.name,
  k.id
FROM #lc_richer AS k
JOIN #lc_source AS n
  ON n.id = k.id AND n.name = k.name;
