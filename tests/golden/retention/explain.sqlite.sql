-- Everything that was weighed for one tree.
SELECT
  t.root_id,
  t.title,
  t.project_id,
  t.sessions,
  t.active,
  t.newest,
  t.tally,
  t.bytes,
  t.size,
  t.unsafe,
  t.unclear,
  t.running,
  t.shared,
  t.pinned,
  t.restored,
  t.matched,
  v.place,
  v.place_in_project,
  v.protection,
  v.over_age,
  v.over_count,
  v.over_size,
  v.over_tree_size,
  v.verdict,
  v.reason,
  m.room,
  f.filled,
  l.section,
  l.aged,
  l.old_since,
  l.in_project,
  l.max_sessions,
  l.max_tree_size,
  l.child_since
FROM lc_tree AS t
JOIN lc_room AS m
  ON 1 = 1
JOIN lc_limit AS l
  ON l.root_id = t.root_id
LEFT JOIN lc_verdict AS v
  ON v.root_id = t.root_id
LEFT JOIN lc_fill AS f
  ON f.root_id = t.root_id
WHERE
  t.root_id = 'ses_e08bc50f1ffeEjVqoN0steH3Gl';
