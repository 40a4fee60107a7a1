-- Where a session works that comes back into another folder: in that one, or below it, where the folder that the session
-- had inside its project is there as well. `path` is the same from the top of the repository on, of the whole disk where
-- there is none: it begins with the character `start`; what the session does not know of it stays unknown. The client works
-- in `directory`; by `path` it lists.
SELECT
  w.directory,
  CASE WHEN 'docs' IS NULL THEN NULL ELSE SUBSTRING(w.directory, 18) END AS path
FROM (
  SELECT
    CASE WHEN 1 = 1 THEN '/home/me/project' + '/' + 'docs' ELSE '/home/me/project' END AS directory
) AS w;
