<%- import "schema/_names.sql" as name -%>
<%- import "transfer/_values.sql" as value -%>
-- The rows of one table that belong to the session at hand, column by column, and whether each JSON column holds JSON.
-- Rows that belong to a message come with that message; here are those whose message does not exist.
SELECT
  << value.listed(owned, sliced, sound) >>
FROM << name.quoted(owned.name) >> AS t
WHERE t.<< name.quoted(owned.key) >> = (SELECT c.id FROM lc_current AS c)
<%- if owned.via %>
  AND NOT EXISTS (SELECT 1 FROM << owned.via.table >> AS keeper WHERE keeper.id = t.<< name.quoted(owned.via.column) >>)
<%- endif %>
<%- for column in ("seq", "position", "time_created", "id") if column in owned.columns %>
<< "ORDER BY" if loop.first else "," >> t.<< column >>
<%- endfor %>;
