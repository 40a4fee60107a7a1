<%- import "schema/_names.sql" as name -%>
<%- import "reclamation/_orphans.sql" as orphan -%>
<#- Whole rows, as they are. -#>
<%- set owner = store.owned | selectattr("name", "equalto", table) | first %>
SELECT s.id AS listed, << name.listed(columns, "x.") >>
FROM lc_stray AS s
JOIN << table >> AS x ON x.<< orphan.key(owner) >> = s.id
WHERE s.name = :name AND << orphan.unchanged(owner, "s", "x") >> AND << orphan.ownerless(store, owner, "x", true) >>
ORDER BY s.number;
