-- Octets of each event of a unit, in the order in which its log is cut into slices.
SELECT
  e.seq,
  OCTET_LENGTH(e.data) AS bytes
FROM lc_unit AS u
JOIN event AS e
  ON e.aggregate_id = u.id
WHERE
  u.root_id = 'ses_e08bc50f1ffeEjVqoN0steH3Gl'
ORDER BY
  e.seq;
