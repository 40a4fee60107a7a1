-- A project by its id, its folder or its name, in this order.
SELECT
  p.id
FROM project AS p
WHERE
  p.id = NULL OR p.worktree = NULL OR p.name = NULL
ORDER BY
  CASE WHEN p.id = NULL THEN 0 WHEN p.worktree = NULL THEN 1 ELSE 2 END,
  p.id;
