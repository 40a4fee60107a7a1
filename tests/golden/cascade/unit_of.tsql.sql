-- The unit with which a session of the list goes.
SELECT
  p.root_id
FROM #lc_planned AS p
WHERE
  p.id = 'ses_e08bc50f1ffeEjVqoN0steH3Gl';
