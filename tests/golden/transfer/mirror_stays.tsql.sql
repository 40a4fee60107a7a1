SELECT
  k.owner_id,
  k.name,
  COUNT_BIG(*) AS tally
FROM #lc_richer AS k
GROUP BY
  k.owner_id,
  k.name;
