-- Chosen sessions whose flag would change, in either layout: an id in both may have it in one row only.
SELECT s.id, s.title, s.active
FROM lc_unit AS u
JOIN lc_session AS s ON s.id = u.id
WHERE u.id = u.root_id AND (
<%- for table in store.roots %>
  EXISTS (
    SELECT 1 FROM << table >> AS << table >>_row
    WHERE << table >>_row.id = u.id AND CASE WHEN << table >>_row.time_archived IS NULL THEN 0 ELSE 1 END <> :flag
  )<< " OR" if not loop.last >>
<%- endfor %>
)
ORDER BY s.active, s.id;
