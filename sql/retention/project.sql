-- A project by its id, its folder or its name, in this order.
SELECT p.id
FROM project AS p
WHERE p.id = :project OR p.worktree = :project<% if store.has("project", "name") %> OR p.name = :project<% endif %>
ORDER BY CASE WHEN p.id = :project THEN 0 WHEN p.worktree = :project THEN 1 ELSE 2 END, p.id;
