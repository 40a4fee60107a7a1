-- The rows of the batch's sessions that may go, as its guard counted them, table by table (event logs apart).
SELECT
  c.name,
  SUM(c.tally) AS tally
FROM lc_census AS c
JOIN lc_doomed AS d
  ON d.id = c.id
GROUP BY
  c.name;
