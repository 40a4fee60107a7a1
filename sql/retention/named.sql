<#- What the patterns of a policy are held against. An id in both layouts is one session, as its 2.x row tells it. -#>
<%- macro column(table, name) -%>
<% if store.has(table, name) %>s.<< name >><% else %>NULL<% endif %>
<%- endmacro -%>
-- Each session with its title, project and folder.
<%- for table in store.roots | reverse %>
SELECT s.id, << column(table, "title") >>, << column(table, "project_id") >>, << column(table, "directory") >>
FROM << table >> AS s
WHERE s.id IS NOT NULL
<%- if not loop.first %>
  AND NOT EXISTS (SELECT 1 FROM session_v2 AS twin WHERE twin.id = s.id)
<%- endif %>
<%- if not loop.last %>
UNION ALL
<%- endif %>
<%- endfor %>;
