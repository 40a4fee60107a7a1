-- When the copy's rows of the sessions at hand last changed, table by table; NULL where they tell no time.
DELETE FROM lc_there;
<%- macro newest(table) -%>
<% if table.updated %>MAX(clean_time(t.<< table.updated >>))<% else %>NULL<% endif %>
<%- endmacro %>
<% for table in store.owned %>
<%- if table.via %>
-- << table.name >>, by its << table.via.table >>.
INSERT INTO lc_there (id, newest)
SELECT c.id, << newest(table) >>
FROM lc_copy AS c
JOIN << table.via.table >> AS owner ON owner.session_id = c.id
JOIN << table.name >> AS t ON t.<< table.via.column >> = owner.id
GROUP BY c.id;

-- << table.name >> without its << table.via.table >>.
INSERT INTO lc_there (id, newest)
SELECT c.id, << newest(table) >>
FROM lc_copy AS c
JOIN << table.name >> AS t ON t.<< table.key >> = c.id
WHERE NOT EXISTS (SELECT 1 FROM << table.via.table >> AS owner WHERE owner.id = t.<< table.via.column >>)
GROUP BY c.id;
<%- else %>
-- << table.name >>.
INSERT INTO lc_there (id, newest)
SELECT c.id, << newest(table) >>
FROM lc_copy AS c
JOIN << table.name >> AS t ON t.<< table.key >> = c.id
GROUP BY c.id;
<%- endif %>
<% endfor %>
