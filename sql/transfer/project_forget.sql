DELETE FROM lifecycle_project
WHERE origin = :origin AND project_id = :project_id;
