<%- for table in store.roots %>
-- The client's own flag, and nothing else: time_updated stays, so no verdict changes.
UPDATE << table >>
SET time_archived = :moment
WHERE id IN (SELECT u.id FROM lc_unit AS u WHERE u.id = u.root_id)
  AND CASE WHEN time_archived IS NULL THEN 0 ELSE 1 END <> CASE WHEN :moment IS NULL THEN 0 ELSE 1 END;
<% endfor %>
