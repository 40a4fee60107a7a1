<%- import "schema/_names.sql" as name -%>
-- The project of the session at hand.
SELECT
<%- for column in store.columns["project"] %>
  p.<< name.quoted(column) >><< "," if not loop.last >>
<%- endfor %>
FROM project AS p
WHERE p.id = (
<%- if store.roots | length == 2 %>
  SELECT COALESCE(two.project_id, one.project_id)
  FROM lc_current AS c
  LEFT JOIN session AS one ON one.id = c.id
  LEFT JOIN session_v2 AS two ON two.id = c.id
<%- else %>
  SELECT s.project_id FROM lc_current AS c JOIN << store.roots[0] >> AS s ON s.id = c.id
<%- endif %>
);
