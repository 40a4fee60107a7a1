<%- import "schema/_names.sql" as name -%>
-- Sessions of 1.x that are there, to be held against those of a file: rows come back to none but the file's own.
SELECT << name.listed(columns, "s.") >>
FROM session AS s;
