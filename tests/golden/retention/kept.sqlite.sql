-- Trees that stay, with all that they hold.
SELECT
  COUNT(*) AS trees,
  COALESCE(SUM(t.sessions), 0) AS sessions,
  COALESCE(SUM(t.bytes), 0) AS bytes
FROM lc_tree AS t
LEFT JOIN lc_verdict AS v
  ON v.root_id = t.root_id
WHERE
  COALESCE(v.verdict, 'keep') = 'keep';
