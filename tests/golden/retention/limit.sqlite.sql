-- The limits of each tree: those of its root's project where a section of the policy names them, else those of all.
-- Activity is the age, unless the policy tells ages by the root's creation; one that is not clear is no age.
INSERT INTO lc_limit (
  root_id,
  section,
  aged,
  old_since,
  in_project,
  max_sessions,
  max_tree_size,
  child_since
)
SELECT
  t.root_id,
  c.section,
  CASE WHEN 0 = 1 THEN s.created ELSE t.active END,
  CASE WHEN c.own_age = 1 THEN c.old_since ELSE 1797408000000 END,
  CASE WHEN c.own_count = 1 THEN 1 ELSE 0 END,
  CASE WHEN c.own_count = 1 THEN c.max_sessions ELSE 100 END,
  CASE WHEN c.own_tree_size = 1 THEN c.max_tree_size ELSE 200000000 END,
  CASE WHEN c.own_children = 1 THEN c.child_since ELSE 1797408000000 END
FROM lc_tree AS t
JOIN lc_session AS s
  ON s.id = t.root_id
LEFT JOIN lc_section AS c
  ON c.project_id = t.project_id;
