-- How long each log is.
SELECT
  g.number,
  g.tally
FROM lc_log AS g
ORDER BY
  g.number;
