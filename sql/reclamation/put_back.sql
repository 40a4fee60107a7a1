<%- import "schema/_names.sql" as name -%>
<%- import "transfer/_merge.sql" as row -%>
-- Rows of << shape.name >> that are not there: what is there was written since, and stays.
INSERT INTO << name.quoted(shape.name) >> (<< name.listed(columns) >>)
SELECT << name.listed(columns, "n.") >>
FROM << name.quoted("lc_in_" ~ shape.name) >> AS n
WHERE NOT EXISTS (SELECT 1 FROM << name.quoted(shape.name) >> AS t WHERE << row.same(shape, columns, "t", "n") >>);
