-- Every session that goes, unit by unit, the oldest first and each unit's topmost session before the rest.
SELECT
  u.root_id, u.id, s.parent_id, s.project_id, s.shared, s.archived, s.tally, s.bytes, s.newest, s.seq, s.log_rows,
  s.log_bytes, t.active, s.title, u.reason, COALESCE(v.place, 0) AS place, COALESCE(tr.size, 0) AS size, s.weight, s.facts
FROM lc_turn AS t
JOIN lc_unit AS u ON u.root_id = t.root_id
JOIN lc_session AS s ON s.id = u.id
LEFT JOIN lc_verdict AS v ON v.root_id = u.root_id
LEFT JOIN lc_tree AS tr ON tr.root_id = u.root_id
ORDER BY t.active, u.root_id, CASE WHEN u.id = u.root_id THEN 0 ELSE 1 END, u.id;
