-- Every session that goes, unit by unit, the oldest first and each unit's topmost session before the rest.
SELECT
  u.root_id, u.id, s.parent_id, s.project_id, s.shared, s.archived, s.tally, s.bytes, s.newest, s.seq, s.log_rows,
  s.log_bytes, t.active, s.title, u.reason, s.checksum, s.facts
FROM lc_turn AS t
JOIN lc_unit AS u ON u.root_id = t.root_id
JOIN lc_session AS s ON s.id = u.id
ORDER BY t.active, u.root_id, CASE WHEN u.id = u.root_id THEN 0 ELSE 1 END, u.id;
