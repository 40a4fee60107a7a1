-- What every session holds and when it last changed, and every id that rows belong to although no session has it.
SELECT
  u.id,
  SUM(u.tally) AS tally,
  SUM(u.bytes) AS bytes,
  MAX(u.newest) AS newest
FROM #lc_usage AS u
GROUP BY
  u.id
ORDER BY
  u.id;
