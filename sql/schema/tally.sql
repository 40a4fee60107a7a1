<%- import "schema/_names.sql" as name -%>
-- How many rows a table has.
SELECT COUNT(*) AS tally
FROM << name.quoted(table) >> AS t;
