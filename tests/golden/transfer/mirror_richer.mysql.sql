-- Sessions of which the copy holds more than the source, although neither changed since: a reclamation at the source,
-- which moves no time, took content away there. The copy is the better one and stays as it is.
SELECT
  c.id
FROM lc_copy AS c
JOIN lc_usage AS u
  ON u.id = c.id
GROUP BY
  c.id,
  c.newest,
  c.tally,
  c.bytes
HAVING
  MAX(u.newest) = COALESCE(c.newest, 0) AND (
    SUM(u.tally) > c.tally OR SUM(u.bytes) > c.bytes
  )
ORDER BY
  c.id;
