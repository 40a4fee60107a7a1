<%- import "schema/_names.sql" as name -%>
<%- import "transfer/_values.sql" as value -%>
-- The rows of one table that belong to the sessions of the span, session after session in the order of the queue, each
-- session's rows in the order of export_rows.sql, and the place of their session.
-- (CROSS JOIN: SQLite takes the tables in the order they stand, so that nothing has to be sorted.)
SELECT
  << value.listed(owned, sliced, sound) >>,
  s.place
FROM lc_span AS s
CROSS JOIN << name.quoted(owned.name) >> AS t
WHERE t.<< name.quoted(owned.key) >> = s.id
<%- if owned.via %>
  AND NOT EXISTS (SELECT 1 FROM << owned.via.table >> AS keeper WHERE keeper.id = t.<< name.quoted(owned.via.column) >>)
<%- endif %>
ORDER BY s.place
<%- for column in ("seq", "position", "time_created", "id") if column in owned.columns %>, t.<< column >><% endfor %>;
