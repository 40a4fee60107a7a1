-- Sessions that stand here as another origin has them, which is newer.
SELECT
  c.session_id,
  MIN(o.origin) AS other
FROM lifecycle_copy AS c
LEFT JOIN lifecycle_copy AS o
  ON o.session_id = c.session_id AND o.origin <> c.origin AND o.kept = 1
WHERE
  c.origin = 'desk:1f0a' AND c.kept = 0 AND c.vanished IS NULL
GROUP BY
  c.session_id
ORDER BY
  c.session_id;
