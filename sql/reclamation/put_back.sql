<%- import "schema/_names.sql" as name -%>
<%- import "transfer/_merge.sql" as row -%>
-- Only rows of << shape.name >> that are missing: one that is there is newer, and stays.
INSERT INTO << name.quoted(shape.name) >> (<< name.listed(columns) >>)
SELECT << name.listed(columns, "n.") >>
FROM << name.quoted("lc_in_" ~ shape.name) >> AS n
WHERE NOT EXISTS (SELECT 1 FROM << name.quoted(shape.name) >> AS t WHERE << row.same(shape, columns, "t", "n") >>);
