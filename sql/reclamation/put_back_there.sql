<%- import "schema/_names.sql" as name -%>
<%- import "transfer/_merge.sql" as row -%>
-- How many of the rows of << shape.name >> are there.
SELECT COUNT(*) AS tally
FROM << name.quoted("lc_in_" ~ shape.name) >> AS n
WHERE EXISTS (SELECT 1 FROM << name.quoted(shape.name) >> AS t WHERE << row.same(shape, columns, "t", "n") >>);
