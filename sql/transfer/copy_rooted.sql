<%- import "retention/_sources.sql" as row -%>
-- Sessions at hand that stand here, whatever rows the source still has under their ids.
SELECT c.id
FROM lc_copy AS c
<< row.joins(store, "c.id") >>
WHERE NOT (<< row.missing(store) >>)
ORDER BY c.id;
