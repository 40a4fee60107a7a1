-- What every session holds, and every id that rows belong to although no session has it.
SELECT
  u.id,
  SUM(u.tally) AS tally,
  SUM(u.bytes) AS bytes
FROM lc_usage AS u
GROUP BY
  u.id
ORDER BY
  u.id;
