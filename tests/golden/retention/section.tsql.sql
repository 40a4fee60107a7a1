-- What the policy says of one project; a limit that it does not name is that of all.
INSERT INTO #lc_section (
  project_id,
  section,
  own_age,
  old_since,
  own_count,
  max_sessions,
  own_tree_size,
  max_tree_size,
  own_children,
  child_since
)
VALUES
  (
    'global',
    0,
    1,
    1797408000000,
    1,
    100,
    0,
    200000000,
    0,
    1797408000000
  );
