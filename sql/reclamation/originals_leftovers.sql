<%- import "schema/_names.sql" as name -%>
<#- Whole rows of 1.x, as they are; or of each only what names it. -#>
<%- set owner = store.owned | selectattr("name", "equalto", table) | first %>
SELECT << name.listed(columns, "x.") >>
FROM lc_leftover AS t
<%- if owner.via %>
JOIN << owner.via.table >> AS own ON own.session_id = t.id
JOIN << table >> AS x ON x.<< owner.via.column >> = own.id;
<%- else %>
JOIN << table >> AS x ON x.<< owner.key >> = t.id;
<%- endif %>
