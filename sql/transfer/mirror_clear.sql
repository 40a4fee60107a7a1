<%- import "transfer/_mirror.sql" as copy -%>
<#- What the copy has of the sessions at hand goes, children before parents, but for the rows that stay. -#>
<%- for table in store.owned if events or not table.log %>
<%- if table.via %>
-- << table.name >>, by its << table.via.table >>,
DELETE FROM << table.name >>
WHERE << table.via.column >> IN (
  SELECT owner.id FROM lc_doomed AS d CROSS JOIN << table.via.table >> AS owner WHERE owner.session_id = d.id
  << copy.early(table, "d.id") >>
)
<< copy.richer(table, table.name) >>;

-- and by its own << table.key >> only where that << table.via.table >> does not exist.
DELETE FROM << table.name >>
WHERE << table.key >> IN (SELECT d.id FROM lc_doomed AS d)
  AND NOT EXISTS (SELECT 1 FROM << table.via.table >> AS owner WHERE owner.id = << table.name >>.<< table.via.column >>)
<< copy.early(table, table.name ~ "." ~ table.key) >>
<< copy.richer(table, table.name) >>;
<%- else %>
-- << table.name >>.
DELETE FROM << table.name >>
WHERE << table.key >> IN (SELECT d.id FROM lc_doomed AS d)
<< copy.early(table, table.name ~ "." ~ table.key) >>
<< copy.richer(table, table.name) >>;
<%- endif %>
<% endfor %>
