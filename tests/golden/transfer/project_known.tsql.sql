-- The rows of projects as the origin had them.
SELECT
  p.project_id,
  p.fields
FROM lifecycle_project AS p
WHERE
  p.origin = 'desk:1f0a';
