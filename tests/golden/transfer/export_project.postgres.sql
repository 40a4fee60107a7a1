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
      s.project_id
    FROM lc_current AS c
    JOIN session AS s
      ON s.id = c.id
  );
