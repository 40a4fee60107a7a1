-- What each unit is over, in the order in which units go: its figures, and the limits that hold for its tree. A child
-- subtree has no place of its own.
SELECT
  u.id,
  COALESCE(CASE WHEN l.in_project = 1 THEN v.place_in_project ELSE v.place END, 0) AS place,
  COALESCE(t.size, 0) AS size,
  l.section,
  l.aged,
  l.old_since,
  l.in_project,
  l.max_sessions,
  l.max_tree_size,
  l.child_since
FROM lc_turn AS n
JOIN lc_unit AS u
  ON u.id = n.root_id
JOIN lc_root AS r
  ON r.id = u.id
JOIN lc_limit AS l
  ON l.root_id = r.root_id
LEFT JOIN lc_verdict AS v
  ON v.root_id = u.root_id
LEFT JOIN lc_tree AS t
  ON t.root_id = u.root_id
ORDER BY
  n.active,
  n.root_id;
