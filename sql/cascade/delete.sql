<#- Children before parents, so that it is right with foreign keys on and off. -#>
<%- for table in store.owned %>
<%- if table.via %>
-- << table.name >>, by its << table.via.table >>, which may name another session than the << table.name >> itself,
DELETE FROM << table.name >>
WHERE << table.via.column >> IN (
  SELECT owner.id FROM lc_doomed AS d CROSS JOIN << table.via.table >> AS owner WHERE owner.session_id = d.id
);

-- and by its own << table.key >> only where that << table.via.table >> does not exist.
DELETE FROM << table.name >>
WHERE << table.key >> IN (SELECT d.id FROM lc_doomed AS d)
  AND NOT EXISTS (SELECT 1 FROM << table.via.table >> AS owner WHERE owner.id = << table.name >>.<< table.via.column >>);
<%- else %>
<%- if loop.previtem is not defined or loop.previtem.via %>
-- Everything else by its own key.
<%- endif %>
DELETE FROM << table.name >>
WHERE << table.key >> IN (SELECT d.id FROM lc_doomed AS d);
<%- endif %>
<% endfor %>
