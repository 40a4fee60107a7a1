-- How many octets each session has in its parts.
SELECT
  g.number,
  g.bytes
FROM lc_pile AS g
ORDER BY
  g.number;
