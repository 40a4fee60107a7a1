<%- import "schema/_names.sql" as name -%>
<%- import "transfer/_values.sql" as value -%>
-- The message at hand by its id, or the rows that belong to it by the column that names it.
SELECT
  << value.listed(owned, sliced, sound) >>
FROM << name.quoted(owned.name) >> AS t
WHERE t.<< name.quoted(field) >> = (SELECT q.id FROM lc_message_queue AS q JOIN lc_place AS p ON p.message = q.place)
ORDER BY t.<< name.quoted("id") >>;
