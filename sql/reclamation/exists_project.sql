-- Is there a project with this id?
SELECT COUNT(*) AS there
FROM project AS p
WHERE p.id = :id;
