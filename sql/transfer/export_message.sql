<%- import "schema/_names.sql" as name -%>
-- The message at hand by its id, or the rows that belong to it by the column that names it.
SELECT
<%- for column in owned.columns %>
  t.<< name.quoted(column) >><< "," if not loop.last or sound and owned.bytes >>
<%- endfor %>
<%- for column in owned.bytes if sound %>
  json_valid(t.<< name.quoted(column) >>) AS << name.quoted("sound_" + column) >><< "," if not loop.last >>
<%- endfor %>
FROM << name.quoted(owned.name) >> AS t
WHERE t.<< name.quoted(field) >> = (SELECT q.id FROM lc_message_queue AS q JOIN lc_place AS p ON p.message = q.place)
ORDER BY t.<< name.quoted("id") >>;
