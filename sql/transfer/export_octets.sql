<%- import "retention/_sources.sql" as row -%>
<%- import "schema/_names.sql" as name -%>
-- How much one table holds of the sessions in the queue: rows, and octets of the counted text columns.
SELECT COUNT(*) AS tally, COALESCE(SUM(<< row.octets(owned, "t") >>), 0) AS bytes
FROM << name.quoted(owned.name) >> AS t
WHERE t.<< name.quoted(owned.key) >> IN (SELECT q.id FROM lc_queue AS q);
