-- The project of each session of the span, and the place of the session.
-- (CROSS JOIN: SQLite takes the tables in the order they stand.)
SELECT
  p."id",
  p."worktree",
  p."vcs",
  p."name",
  p."icon_url",
  p."icon_url_override",
  p."icon_color",
  p."time_created",
  p."time_updated",
  p."time_initialized",
  p."sandboxes",
  p."commands",
  s.place
FROM lc_span AS s
LEFT JOIN session AS one
  ON one.id = s.id
LEFT JOIN session_v2 AS two
  ON two.id = s.id
JOIN project AS p
  ON p.id = COALESCE(two.project_id, one.project_id)
ORDER BY
  s.place;
