<#- The values of a row that goes into a file. One that is so large that it is read in slices is NULL, and marked. -#>
<%- import "schema/_names.sql" as name -%>
<%- macro is_huge(column) -%>octet_length(t.<< name.quoted(column) >>) >= :huge<%- endmacro -%>

<%- macro unmarked(owned) -%>
<%- for column in owned.columns -%>
<%- if column in owned.bytes -%>
CASE WHEN << is_huge(column) >> THEN NULL ELSE t.<< name.quoted(column) >> END AS << name.quoted(column) >>
<%- else -%>
t.<< name.quoted(column) >>
<%- endif -%>
<< ",\n  " if not loop.last >>
<%- endfor -%>
<%- endmacro -%>

<#- Of each JSON column: 2 for such a value, else 0; -#>
<%- macro marks(owned) -%>
<%- for column in owned.bytes -%>
CASE WHEN << is_huge(column) >> THEN 2 ELSE 0 END AS << name.quoted("huge_" + column) >><< ",\n  " if not loop.last >>
<%- endfor -%>
<%- endmacro -%>

<#- and with `sound`, of one that an export holds, whether it is JSON (parsing a huge one would take six times as much). -#>
<%- macro listed(owned, sliced, sound) -%>
<% if sliced %><< unmarked(owned) >><% else %><< name.listed(owned.columns, "t.") >><% endif %>
<%- for column in owned.bytes if sound %>,
  << "CASE WHEN " ~ is_huge(column) ~ " THEN 2 ELSE " if sliced >>json_valid(t.<< name.quoted(column) >>)<< " END" if sliced >> AS << name.quoted("sound_" + column) >>
<%- endfor -%>
<%- endmacro -%>
