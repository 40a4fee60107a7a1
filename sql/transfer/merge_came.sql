<%- import "schema/_names.sql" as name -%>
-- Those rows as they came.
SELECT << name.listed(columns, "n.") >>
FROM << name.quoted("lc_in_" ~ shape.name) >> AS n;
