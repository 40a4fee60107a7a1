-- The project of the session at hand.
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
  p."commands"
FROM project AS p
WHERE
  p.id = (
    SELECT
      COALESCE(two.project_id, one.project_id)
    FROM lc_current AS c
    LEFT JOIN session AS one
      ON one.id = c.id
    LEFT JOIN session_v2 AS two
      ON two.id = c.id
  );
