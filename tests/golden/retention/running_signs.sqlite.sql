-- By which signs a tree is running: each session of it that shows one, and which.
SELECT
  u.id,
  u.sign
FROM lc_running AS u
JOIN lc_root AS r
  ON r.id = u.id
WHERE
  r.root_id = 'ses_e08bc50f1ffeEjVqoN0steH3Gl'
GROUP BY
  u.id,
  u.sign
ORDER BY
  u.id,
  u.sign;
