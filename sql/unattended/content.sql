<#- Octets of content in the tables of sessions, by one pass that unpacks none of it. -#>
<%- import "retention/_sources.sql" as row -%>
SELECT SUM(c.bytes) AS bytes
FROM (
<%- for table in store.owned if table.bytes %>
  SELECT SUM(<< row.octets(table, "t") >>) AS bytes FROM << table.name >> AS t
<%- if not loop.last %>
  UNION ALL
<%- endif %>
<%- endfor %>
) AS c;
