<%- import "schema/_names.sql" as name -%>
<%- import "transfer/_values.sql" as value -%>
-- The messages of the span by their ids, or the rows that belong to them by the column that names them: message after
-- message, and the place of each among the messages; of the messages themselves that of the session after it.
-- (CROSS JOIN: SQLite takes the tables in the order they stand.)
SELECT
  << value.listed(owned, sliced, sound) >>,
  m.<< "place, m.session_place" if field == "id" else "place" >>
FROM lc_span_message AS m
CROSS JOIN << name.quoted(owned.name) >> AS t
WHERE t.<< name.quoted(field) >> = m.id
ORDER BY m.place, t.<< name.quoted("id") >>;
