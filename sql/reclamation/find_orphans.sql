<%- import "reclamation/_rules.sql" as rule -%>
<#- Which rows have no owner any more. A part belongs to its message, by its own session only without one. -#>
-- Ids that rows name and that are no session in either layout; a log that another machine owns is not ours.
INSERT INTO lc_gone (id)
SELECT u.id
FROM lc_usage AS u
WHERE u.id IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM lc_session AS s WHERE s.id = u.id)
  AND << rule.ours(store, "u.id") >>
GROUP BY u.id;
<#- (CROSS JOIN: SQLite takes the tables in the order they stand, the short list first.) -#>
<% for table in store.owned if table.name not in store.roots %>
<%- if table.via %>
-- << table.name >> rows of a << table.via.table >> whose session is gone,
INSERT INTO lc_stray (name, number, id, tally, bytes)
SELECT '<< table.name >>', ROW_NUMBER() OVER (ORDER BY x.id), x.id, 1, x.bytes
FROM (
  SELECT t.id, COALESCE(octet_length(t.data), 0) AS bytes
  FROM lc_gone AS g
  CROSS JOIN << table.via.table >> AS owner
  CROSS JOIN << table.name >> AS t
  WHERE owner.session_id = g.id AND t.<< table.via.column >> = owner.id
  UNION ALL
  SELECT t.id, COALESCE(octet_length(t.data), 0) AS bytes
  FROM lc_alone AS a
  CROSS JOIN << table.name >> AS t
  WHERE a.name = '<< table.name >>' AND t.<< table.key >> = a.id
    AND NOT EXISTS (SELECT 1 FROM << table.via.table >> AS owner WHERE owner.id = t.<< table.via.column >>)
    AND CASE WHEN << rule.known(store, "t." ~ table.key) >> THEN << rule.is_spent("t") >> ELSE 1 END = 1
) AS x
WHERE x.id IS NOT NULL;
<%- elif table.bytes %>
INSERT INTO lc_stray (name, number, id, tally, bytes)
SELECT '<< table.name >>', ROW_NUMBER() OVER (ORDER BY t.id), t.id, 1, COALESCE(octet_length(t.data), 0)
FROM lc_gone AS g
CROSS JOIN << table.name >> AS t
WHERE t.<< table.key >> = g.id AND t.id IS NOT NULL;
<%- else %>
INSERT INTO lc_stray (name, number, id, tally, bytes)
SELECT '<< table.name >>', ROW_NUMBER() OVER (ORDER BY g.id), g.id, COUNT(*), 0
FROM lc_gone AS g
CROSS JOIN << table.name >> AS t
WHERE t.<< table.key >> = g.id
GROUP BY g.id;
<%- endif %>
<% endfor %>
