<%- import "retention/_sources.sql" as row -%>
<%- import "schema/_names.sql" as name -%>
-- How much one table holds of each session in the queue: rows, and octets of the counted text columns.
SELECT q.place, COUNT(*) AS tally, COALESCE(SUM(<< row.octets(owned, "t") >>), 0) AS bytes
FROM lc_queue AS q
JOIN << name.quoted(owned.name) >> AS t ON t.<< name.quoted(owned.key) >> = q.id
GROUP BY q.place;
