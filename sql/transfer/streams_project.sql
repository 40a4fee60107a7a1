<%- import "schema/_names.sql" as name -%>
-- The project of each session of the span, and the place of the session.
-- (CROSS JOIN: SQLite takes the tables in the order they stand.)
SELECT
<%- for column in store.columns["project"] %>
  p.<< name.quoted(column) >>,
<%- endfor %>
  s.place
FROM lc_span AS s
<%- if store.roots | length == 2 %>
LEFT JOIN session AS one ON one.id = s.id
LEFT JOIN session_v2 AS two ON two.id = s.id
JOIN project AS p ON p.id = COALESCE(two.project_id, one.project_id)
<%- else %>
CROSS JOIN << store.roots[0] >> AS own
CROSS JOIN project AS p
WHERE own.id = s.id AND p.id = own.project_id
<%- endif %>
ORDER BY s.place;
