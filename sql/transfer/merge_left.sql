<%- import "schema/_names.sql" as name -%>
-- How many there are.
SELECT COUNT(*) AS tally
FROM << name.quoted("lc_in_" ~ shape.name) >> AS n;
