-- Sessions of a tree that go without it.
SELECT
  u.id,
  u.root_id
FROM lc_unit AS u
JOIN lc_root AS r
  ON r.id = u.id
WHERE
  r.root_id = 'ses_e08bc50f1ffeEjVqoN0steH3Gl' AND u.reason = 'child-age'
ORDER BY
  u.root_id,
  u.id;
