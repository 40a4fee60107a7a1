-- Each session with its title, project and folder.
SELECT
  s.id,
  s.title,
  s.project_id,
  s.directory
FROM session_v2 AS s
WHERE
  NOT s.id IS NULL
UNION ALL
SELECT
  s.id,
  s.title,
  s.project_id,
  s.directory
FROM session AS s
WHERE
  NOT s.id IS NULL AND NOT EXISTS(
    SELECT
      1
    FROM session_v2 AS twin
    WHERE
      twin.id = s.id
  );
