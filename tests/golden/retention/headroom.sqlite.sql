-- By how much the tree that is nearest to its own limit of size may still grow, of those that stay and that nothing holds;
-- NULL where there is none with such a limit.
SELECT
  MIN(l.max_tree_size - r.size) AS headroom
FROM lc_verdict AS v
JOIN lc_rank AS r
  ON r.root_id = v.root_id
JOIN lc_limit AS l
  ON l.root_id = v.root_id
WHERE
  v.verdict = 'keep' AND v.protection IS NULL;
