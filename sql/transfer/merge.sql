<%- import "schema/_names.sql" as name -%>
<%- import "transfer/_merge.sql" as row -%>
<% set rest = columns | reject("in", shape.key) | list -%>
<% if shape.key and rest -%>
-- Rows of << shape.name >> that are there: overwrite.
UPDATE << name.quoted(shape.name) >>
SET <% for column in rest %><< name.quoted(column) >> = n.<< name.quoted(column) >><< ", " if not loop.last >><% endfor %>
FROM << name.quoted("lc_in_" ~ shape.name) >> AS n
WHERE << row.same(shape, columns, "n", name.quoted(shape.name)) >>;
<% endif %>
-- Rows that are not there: add.
INSERT INTO << name.quoted(shape.name) >> (<< name.listed(columns) >>)
SELECT << name.listed(columns, "n.") >>
FROM << name.quoted("lc_in_" ~ shape.name) >> AS n
WHERE NOT EXISTS (SELECT 1 FROM << name.quoted(shape.name) >> AS t WHERE << row.same(shape, columns, "t", "n") >>);
