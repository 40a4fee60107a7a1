-- Every project that a section of the policy can name: those of sessions by id, those of the client also by folder.
SELECT
  s.project_id,
  NULL AS worktree
FROM session AS s
WHERE
  NOT s.project_id IS NULL
GROUP BY
  s.project_id
UNION ALL
SELECT
  p.id,
  p.worktree
FROM project AS p
WHERE
  NOT p.id IS NULL;
