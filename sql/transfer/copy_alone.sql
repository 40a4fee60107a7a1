<%- import "retention/_sources.sql" as row -%>
-- Sessions at hand that stand here as no origin has them any more: they vanished there, or were put back to an earlier
-- state.
SELECT c.id
FROM lc_copy AS c
JOIN lifecycle_copy AS o ON o.session_id = c.id
<< row.joins(store, "c.id") >>
WHERE NOT (<< row.missing(store) >>)
GROUP BY c.id
HAVING MAX(CASE WHEN o.kept = 1 AND o.vanished IS NULL THEN 1 ELSE 0 END) = 0
ORDER BY c.id;
