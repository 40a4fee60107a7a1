<%- import "reclamation/_rules.sql" as rule -%>
<#- Which messages of 2.x `compacted` shrinks, and by how much. Only what may hold a cleared result is parsed. -#>
INSERT INTO lc_filled (id, session_id)
SELECT m.id, m.session_id
FROM session_message AS m
WHERE m.data LIKE '%Old tool result content cleared%' AND m.id IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM lc_stray AS s WHERE s.id = m.id AND s.name = 'session_message')
  AND << rule.small("m.data", sliced) >>
  AND << rule.holds("m", "json_burden") >> = 1;
<% if sliced %>
INSERT INTO lc_too_large (name, id)
SELECT 'session_message', m.id
FROM session_message AS m
WHERE octet_length(m.data) >= :largest AND m.data LIKE '%Old tool result content cleared%';
<% endif %>

<< rule.weighed("compacted", rule.lightened) >>

INSERT INTO lc_broken (name, id)
SELECT 'session_message', m.id
FROM session_message AS m
WHERE m.data LIKE '%Old tool result content cleared%' AND << rule.small("m.data", sliced) >> AND json_valid(m.data) = 0;

INSERT INTO lc_lightened (id, octets)
SELECT t.id, t.octets - t.bytes
FROM lc_target AS t
WHERE t.kind = 'compacted' AND t.name = 'session_message';
