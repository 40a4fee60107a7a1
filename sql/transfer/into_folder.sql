-- Where a session works that comes back into another folder: in that one, or below it, where the folder that the session
-- had inside its project is there as well. `path` is the same from the top of the repository on, of the whole disk where
-- there is none: it begins with the character `start`; what the session does not know of it stays unknown. The client works
-- in `directory`; by `path` it lists.
SELECT
  w.directory,
  CASE WHEN :path IS NULL THEN NULL ELSE SUBSTR(w.directory, :start) END AS path
FROM (
  SELECT CASE WHEN :below = 1 THEN :folder || '/' || :path ELSE :folder END AS directory
) AS w;
