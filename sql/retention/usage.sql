<#- What each table holds of each session: one pass over each table, by its session index. -#>
<%- import "retention/_sources.sql" as row -%>
<%- macro facts(table) -%>
'<< table.name >>', COUNT(*), SUM(<< row.octets(table, "t") >>), MAX(<< row.octets(table, "t") >>),
  <% if table.log %>0<% else %>SUM(<< row.checksum(table, "t") >>)<% endif %>,
  <% if table.updated %>MAX(clean_time(t.<< table.updated >>))<% else %>NULL<% endif %>,
  <% if table.activity %>SUM(CASE WHEN clean_time(t.time_updated) IS NULL THEN 1 ELSE 0 END)<% else %>0<% endif %>
<%- endmacro -%>
<%- for table in store.owned %>
<%- if table.via %>
-- << table.name >>: a row belongs to the session of its << table.via.table >>.
INSERT INTO lc_usage (id, name, tally, bytes, largest, checksum, newest, unclear)
SELECT owner.session_id, << facts(table) >>
FROM << table.via.table >> AS owner
JOIN << table.name >> AS t ON t.<< table.via.column >> = owner.id
GROUP BY owner.session_id;

-- << table.name >> without its << table.via.table >>: it belongs to the session it names itself. Where as many came with one as
-- there are, no row is looked at.
INSERT INTO lc_alone (id, name, tally, bytes, largest, checksum, newest, unclear)
SELECT t.<< table.key >>, << facts(table) >>
FROM << table.name >> AS t
WHERE (SELECT COUNT(*) FROM << table.name >>)
    > (SELECT COALESCE(SUM(u.tally), 0) FROM lc_usage AS u WHERE u.name = '<< table.name >>')
  AND NOT EXISTS (SELECT 1 FROM << table.via.table >> AS owner WHERE owner.id = t.<< table.via.column >>)
GROUP BY t.<< table.key >>;

INSERT INTO lc_usage (id, name, tally, bytes, largest, checksum, newest, unclear)
SELECT a.id, a.name, a.tally, a.bytes, a.largest, a.checksum, a.newest, a.unclear
FROM lc_alone AS a
WHERE a.name = '<< table.name >>';
<%- else %>
-- << table.name >>, by its << table.key >>.
INSERT INTO lc_usage (id, name, tally, bytes, largest, checksum, newest, unclear)
SELECT t.<< table.key >>, << facts(table) >>
FROM << table.name >> AS t
GROUP BY t.<< table.key >>;
<%- endif %>
<% endfor %>
