<#- Which rows of the copy are richer than the source's: what a reclamation at the source leaves. It moves no time, and
    every write of the client does; so a row of the same time that is smaller at the source was shrunk there. -#>
<%- for table in store.owned if "data" in table.bytes and table.updated == "time_updated" and not table.log %>
-- << table.name >> rows that were shrunk at the source.
INSERT INTO lc_richer (name, id, owner_id)
SELECT '<< table.name >>', t.id, n.owner_id
FROM lc_source AS n
JOIN << table.name >> AS t ON t.id = n.id
WHERE n.name = '<< table.name >>' AND clean_time(t.time_updated) = n.newest AND octet_length(t.data) > n.octets;
<% endfor %>
<%- if events and store.has("event", "seq") %>
-- Events that the source has dropped, and none in their place;
INSERT INTO lc_richer (name, id, owner_id, seq)
SELECT 'event', t.id, t.aggregate_id, t.seq
FROM lc_copy AS c
JOIN event AS t ON t.aggregate_id = c.id
LEFT JOIN lc_source AS n ON n.owner_id = t.aggregate_id AND n.name = 'event' AND n.seq = t.seq
WHERE n.name IS NULL;

-- but not those of a log that began anew, which has not come so far.
DELETE FROM lc_richer
WHERE name = 'event'
  AND EXISTS (
    SELECT 1 FROM lc_source AS n
    WHERE n.owner_id = lc_richer.owner_id AND n.name = 'event_sequence' AND n.seq < lc_richer.seq
  );
<% endif %>
<%- for table in store.owned if table.via %>
-- << table.name >> rows without their << table.via.table >>, which the source has dropped.
INSERT INTO lc_richer (name, id, owner_id)
SELECT '<< table.name >>', t.id, t.<< table.key >>
FROM lc_copy AS c
JOIN << table.name >> AS t ON t.<< table.key >> = c.id
LEFT JOIN lc_source AS n ON n.id = t.id AND n.name = '<< table.name >>'
WHERE n.name IS NULL
  AND NOT EXISTS (SELECT 1 FROM << table.via.table >> AS owner WHERE owner.id = t.<< table.via.column >>);
<% endfor %>
<%- if store.has("session") and store.has("session_v2") %>
-- Sessions of which the source has the rows of 2.x alone: those of 1.x were left behind there, and have gone.
INSERT INTO lc_early (id)
SELECT n.id
FROM lc_source AS n
JOIN session AS s ON s.id = n.id
WHERE n.name = 'session_v2';

DELETE FROM lc_early
WHERE id IN (SELECT n.owner_id FROM lc_source AS n WHERE n.name IN ('session', 'message', 'part', 'todo'));
<% endif %>
