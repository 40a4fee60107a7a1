-- Trees of the source that another origin brought as well.
SELECT
  n.root_id
FROM lc_now AS n
JOIN lifecycle_copy AS o
  ON o.root_id = n.root_id
WHERE
  o.origin <> 'desk:1f0a' AND o.kept = 1
GROUP BY
  n.root_id;
