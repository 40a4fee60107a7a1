-- Rows and octets that go, table by table.
SELECT
  g.name,
  SUM(g.tally) AS tally,
  SUM(g.bytes) AS bytes
FROM lc_unit AS u
JOIN lc_usage AS g
  ON g.id = u.id
GROUP BY
  g.name
ORDER BY
  g.name;
