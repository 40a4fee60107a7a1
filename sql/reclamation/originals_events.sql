<%- import "schema/_names.sql" as name -%>
<%- import "reclamation/_rules.sql" as rule -%>
<#- The events that go, whole, as they are, by the number of their log. -#>
SELECT s.log, s.id AS listed, << name.listed(columns, "x.") >>
FROM lc_superseded AS s
JOIN event AS x ON x.id = s.id
WHERE << rule.ours(store, "x.aggregate_id") >>
ORDER BY s.number;
