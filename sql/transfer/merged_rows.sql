<%- import "schema/_names.sql" as name -%>
<%- import "transfer/_merge.sql" as row -%>
-- Those rows as they stand now.
SELECT << name.listed(columns, "t.") >>
FROM << name.quoted(shape.name) >> AS t
WHERE EXISTS (SELECT 1 FROM << name.quoted("lc_in_" ~ shape.name) >> AS n WHERE << row.same(shape, columns, "t", "n") >>);
