<%- import "schema/_names.sql" as name -%>
<%- import "transfer/_merge.sql" as row -%>
<%- set rest = columns | reject("in", shape.key) | reject("equalto", "time_updated") | list %>
-- Rows of << shape.name >> that are not the same on both sides, and whether the source's was written later.
SELECT << name.listed(shape.key, "n.") >>, CASE WHEN n.time_updated > t.time_updated THEN 1 ELSE 0 END AS later
FROM << name.quoted("lc_in_" ~ shape.name) >> AS n
JOIN << name.quoted(shape.name) >> AS t ON << row.same(shape, columns, "t", "n") >>
WHERE <% for column in rest -%>
CASE
    WHEN n.<< name.quoted(column) >> = t.<< name.quoted(column) >> THEN 0
    WHEN n.<< name.quoted(column) >> IS NULL AND t.<< name.quoted(column) >> IS NULL THEN 0
    ELSE 1
  END = 1<< "\n  OR " if not loop.last >>
<%- else %>1 = 0<% endfor %>;
