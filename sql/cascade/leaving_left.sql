<%- import "retention/_sources.sql" as row -%>
-- How many of the sessions that go are still there.
SELECT COUNT(*) AS tally
FROM lc_leaving AS d
<< row.joins(store, "d.id") >>
WHERE NOT (<< row.missing(store) >>);
