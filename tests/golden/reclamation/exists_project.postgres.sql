-- Is there a project with this id?
SELECT
  COUNT(*) AS there
FROM project AS p
WHERE
  p.id = 'ses_e08bc50f1ffeEjVqoN0steH3Gl';
