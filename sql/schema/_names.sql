<#- Names that come from a store are quoted: a newer client may call a column what it likes. -#>
<%- macro quoted(name) -%>
"<< name | replace('"', '""') >>"
<%- endmacro -%>
<%- macro listed(names, alias="") -%>
<%- for name in names -%>
<< alias >><< quoted(name) >><< ", " if not loop.last >>
<%- endfor -%>
<%- endmacro -%>
