-- What the policy says of one project; a limit that it does not name is that of all.
INSERT INTO lc_section (
  project_id, section, own_age, old_since, own_count, max_sessions, own_tree_size, max_tree_size, own_children,
  child_since
)
VALUES (
  :project_id, :section, :own_age, :active_since, :own_count, :max_sessions, :own_tree_size, :max_tree_size,
  :own_children, :child_since
);
