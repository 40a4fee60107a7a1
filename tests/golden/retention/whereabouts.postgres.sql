-- The tree of a session.
SELECT
  r.root_id
FROM lc_root AS r
WHERE
  r.id = 'ses_e08bc50f1ffeEjVqoN0steH3Gl';
