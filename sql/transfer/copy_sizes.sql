<%- import "retention/_sources.sql" as row -%>
<%- import "schema/_names.sql" as name -%>
<#- How much one table holds of each session of the queue: rows, and octets of the counted text columns. -#>
<%- if owned.via and not by_itself -%>
-- << owned.name >>, by its << owned.via.table >>.
SELECT q.place, COUNT(*) AS tally, COALESCE(SUM(<< row.octets(owned, "t") >>), 0) AS bytes
FROM lc_queue AS q
JOIN << owned.via.table >> AS owner ON owner.session_id = q.id
JOIN << owned.name >> AS t ON t.<< owned.via.column >> = owner.id
GROUP BY q.place;
<%- else -%>
-- << owned.name >> of the sessions of the queue.
SELECT q.place, COUNT(*) AS tally, COALESCE(SUM(<< row.octets(owned, "t") >>), 0) AS bytes
FROM lc_queue AS q
JOIN << name.quoted(owned.name) >> AS t ON t.<< name.quoted(owned.key) >> = q.id
<%- if owned.via %>
WHERE NOT EXISTS (SELECT 1 FROM << owned.via.table >> AS keeper WHERE keeper.id = t.<< name.quoted(owned.via.column) >>)
<%- endif %>
GROUP BY q.place;
<%- endif %>
