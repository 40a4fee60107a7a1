-- Octets of each event of a unit, in the order in which its log is cut into slices. (CROSS JOIN: the unit first, else
-- SQLite, which knows nothing of the sizes of either, reads the events of all sessions for it.)
SELECT
  e.seq,
  CAST(DATALENGTH(e.data) AS BIGINT) AS bytes
FROM #lc_unit AS u
CROSS JOIN event AS e
WHERE
  u.root_id = 'ses_e08bc50f1ffeEjVqoN0steH3Gl' AND e.aggregate_id = u.id
ORDER BY
  e.seq;
