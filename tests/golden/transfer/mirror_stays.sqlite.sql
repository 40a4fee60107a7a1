SELECT
  k.owner_id,
  k.name,
  COUNT(*) AS tally
FROM lc_richer AS k
GROUP BY
  k.owner_id,
  k.name;
