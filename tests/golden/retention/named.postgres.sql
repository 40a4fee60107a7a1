-- Each session with its title, project and folder.
SELECT
  s.id,
  s.title,
  s.project_id,
  s.directory
FROM session AS s
WHERE
  NOT s.id IS NULL;
