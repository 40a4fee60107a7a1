-- Sessions that both have, and not the same of: by rows, octets, or the time of the last change.
SELECT
  c.id
FROM #lc_copy AS c
JOIN #lc_usage AS u
  ON u.id = c.id
GROUP BY
  c.id,
  c.newest,
  c.tally,
  c.bytes
HAVING
  SUM(u.tally) <> c.tally OR SUM(u.bytes) <> c.bytes OR COALESCE(MAX(u.newest), 0) <> COALESCE(c.newest, 0)
ORDER BY
  c.id;
