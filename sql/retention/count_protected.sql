-- Trees over a limit that a protection holds, counted by the protection that came first.
SELECT v.protection, COUNT(*) AS trees
FROM lc_verdict AS v
WHERE v.protection IS NOT NULL AND v.over_age + v.over_count + v.over_size + v.over_tree_size > 0
GROUP BY v.protection
ORDER BY v.protection;
