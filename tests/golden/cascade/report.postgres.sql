-- Units that were to go and stay, and why. No rows: the whole plan was carried out.
SELECT
  s.root_id,
  s.reason
FROM lc_spared AS s
ORDER BY
  s.root_id;
