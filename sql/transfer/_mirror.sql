<#- Which rows of the copy stay: richer ones, and those of 1.x that the source has no more. Said once for what goes and
    for what is read back. -#>
<%- import "schema/_names.sql" as name -%>
<%- macro values(columns, digested, long) -%>
<%- for column in columns -%>
<%- set value = "t." ~ name.quoted(column) -%>
<%- if column in digested -%>
CASE WHEN octet_length(<< value >>) <= :huge THEN << value >> END AS << name.quoted(column) >>,
CASE WHEN octet_length(<< value >>) > :huge THEN octet_length(<< value >>) END AS << name.quoted(column ~ "_octets") >>,
CASE WHEN octet_length(<< value >>) > :huge THEN fingerprint(<< value >>) END AS << name.quoted(column ~ "_digest") >>
<%- elif column in long -%>
CASE WHEN octet_length(<< value >>) <= :huge THEN << value >> END AS << name.quoted(column) >>,
CASE WHEN octet_length(<< value >>) > :huge THEN 1 END AS << name.quoted(column ~ "_long") >>
<%- else -%>
<< value >>
<%- endif -%>
<< ", " if not loop.last >>
<%- endfor -%>
<%- endmacro -%>

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
