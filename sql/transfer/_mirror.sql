<#- Which rows of the copy stay: richer ones, and those of 1.x that the source has no more. Said once for what goes and
    for what is read back. -#>
<%- macro richer(table, row) -%>
<%- if "id" in table.columns and table.key != "id" -%>
AND NOT EXISTS (SELECT 1 FROM lc_richer AS k WHERE k.id = << row >>.id AND k.name = '<< table.name >>')
<%- endif -%>
<%- endmacro -%>

<%- macro early(table, session) -%>
<%- if table.name in ("session", "message", "part", "todo") -%>
AND NOT EXISTS (SELECT 1 FROM lc_early AS e WHERE e.id = << session >>)
<%- endif -%>
<%- endmacro -%>
