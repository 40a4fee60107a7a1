-- Every project that a section of the policy can name: those of sessions by id, those of the client also by folder.
<%- for table in store.roots %>
SELECT s.project_id, NULL AS worktree
FROM << table >> AS s
WHERE s.project_id IS NOT NULL
GROUP BY s.project_id
<%- if not loop.last or store.has("project") %>
UNION ALL
<%- endif %>
<%- endfor %>
<%- if store.has("project") %>
SELECT p.id, p.worktree
FROM project AS p
WHERE p.id IS NOT NULL
<%- endif %>;
