-- Trees that changed later in the copy than at the source: an older source does not overwrite them.
SELECT
  c.root_id
FROM lc_copy AS c
LEFT JOIN lc_there AS t
  ON t.id = c.id
GROUP BY
  c.root_id
HAVING
  MAX(t.newest) > COALESCE(MAX(c.newest), 0)
ORDER BY
  c.root_id;
