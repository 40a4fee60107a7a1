DELETE FROM lifecycle_project
WHERE
  origin = 'desk:1f0a' AND project_id = 'global';
