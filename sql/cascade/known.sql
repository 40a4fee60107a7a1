<%- import "retention/_sources.sql" as row -%>
-- How many sessions of the list the store still has.
SELECT COUNT(*) AS known
FROM lc_planned AS p
<< row.joins(store, "p.id") >>
WHERE NOT (<< row.missing(store) >>);
