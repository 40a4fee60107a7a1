<%- import "reclamation/_rules.sql" as rule -%>
<#- Which rows `attachments` looks into: those of 4,096 octets and more that may hold a file, in sessions idle since
    :idle_since, unless another kind takes them. What is attached there is for the one that reads it to decode. -#>
<% if store.has("part") -%>
INSERT INTO lc_attached (name, number, id, session_id, octets, stamp)
SELECT 'part', ROW_NUMBER() OVER (ORDER BY p.id), p.id, m.session_id, octet_length(p.data), COALESCE(clean_time(p.time_updated), 0)
FROM part AS p
JOIN message AS m ON m.id = p.message_id
JOIN lc_session AS s ON s.id = m.session_id
WHERE s.active < :idle_since AND s.unclear = 0 AND p.id IS NOT NULL
  AND octet_length(p.data) >= 4096 AND << rule.small("p.data", sliced) >> AND << rule.may_attach("p.data") >>
  AND NOT EXISTS (SELECT 1 FROM lc_target AS t WHERE t.id = p.id AND t.name = 'part' AND t.field = 'data');

INSERT INTO lc_broken (name, id)
SELECT 'part', p.id
FROM part AS p
JOIN message AS m ON m.id = p.message_id
JOIN lc_session AS s ON s.id = m.session_id
WHERE s.active < :idle_since AND s.unclear = 0
  AND p.data LIKE '%;base64,%' AND << rule.small("p.data", sliced) >> AND json_valid(p.data) = 0;
<% if sliced %>
INSERT INTO lc_too_large (name, id)
SELECT 'part', p.id
FROM part AS p
JOIN message AS m ON m.id = p.message_id
JOIN lc_session AS s ON s.id = m.session_id
WHERE s.active < :idle_since AND s.unclear = 0
  AND octet_length(p.data) >= :largest AND p.data LIKE '%"mime"%';
<% endif %>
<% endif %>
<% if store.has("session_message", "data") -%>
INSERT INTO lc_attached (name, number, id, session_id, octets, stamp)
SELECT 'session_message', ROW_NUMBER() OVER (ORDER BY m.id), m.id, m.session_id, octet_length(m.data), COALESCE(clean_time(m.time_updated), 0)
FROM session_message AS m
JOIN lc_session AS s ON s.id = m.session_id
WHERE s.active < :idle_since AND s.unclear = 0 AND m.id IS NOT NULL
  AND octet_length(m.data) >= 4096 AND << rule.small("m.data", sliced) >> AND << rule.may_attach("m.data") >>
  AND NOT EXISTS (SELECT 1 FROM lc_target AS t WHERE t.id = m.id AND t.name = 'session_message' AND t.field = 'data');

INSERT INTO lc_broken (name, id)
SELECT 'session_message', m.id
FROM session_message AS m
JOIN lc_session AS s ON s.id = m.session_id
WHERE s.active < :idle_since AND s.unclear = 0
  AND m.data LIKE '%"mime"%' AND << rule.small("m.data", sliced) >> AND json_valid(m.data) = 0;
<% if sliced %>
INSERT INTO lc_too_large (name, id)
SELECT 'session_message', m.id
FROM session_message AS m
JOIN lc_session AS s ON s.id = m.session_id
WHERE s.active < :idle_since AND s.unclear = 0
  AND octet_length(m.data) >= :largest AND m.data LIKE '%"mime"%';
<% endif %>
<% endif %>
