<#- The same row on both sides: by its key, or by all of its columns where it has none. -#>
<%- import "schema/_names.sql" as name -%>
<%- macro same(shape, columns, one, other) -%>
<%- for column in shape.key or columns -%>
<%- if shape.key -%>
<< one >>.<< name.quoted(column) >> = << other >>.<< name.quoted(column) >>
<%- else -%>
(<< one >>.<< name.quoted(column) >> = << other >>.<< name.quoted(column) >> OR << one >>.<< name.quoted(column) >> IS NULL AND << other >>.<< name.quoted(column) >> IS NULL)
<%- endif -%>
<< " AND " if not loop.last >>
<%- endfor -%>
<%- endmacro -%>

<#- The same in every column. -#>
<%- macro equal(columns, one, other) -%>
<%- for column in columns -%>
(<< one >>.<< name.quoted(column) >> = << other >>.<< name.quoted(column) >> OR << one >>.<< name.quoted(column) >> IS NULL AND << other >>.<< name.quoted(column) >> IS NULL)
<%- if not loop.last %>
    AND <% endif -%>
<%- endfor -%>
<%- endmacro -%>
