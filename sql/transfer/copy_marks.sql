-- What tells two states of each session apart, tree by tree, and of every id that rows belong to although no session
-- has it: rows, octets, the newest time, a sum over the length of every text and over every number, the number of the
-- last event, and what the session's row says.
SELECT
  u.id, r.root_id, u.tally, u.bytes, u.newest, u.checksum, s.seq, s.parent_id, s.project_id, s.shared, s.archived, s.facts
FROM (
  SELECT g.id, SUM(g.tally) AS tally, SUM(g.bytes) AS bytes, MAX(g.newest) AS newest, SUM(g.checksum) AS checksum
  FROM lc_usage AS g
  WHERE :events = 1 OR g.name <> 'event'
  GROUP BY g.id
) AS u
LEFT JOIN lc_root AS r ON r.id = u.id
LEFT JOIN lc_session AS s ON s.id = u.id
ORDER BY r.root_id, u.id;
