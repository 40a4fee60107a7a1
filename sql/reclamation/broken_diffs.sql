<%- import "reclamation/_rules.sql" as rule -%>
-- Messages, and pending reverts, that `diffs` would look into and that are not JSON.
<% if store.has("message") -%>
INSERT INTO lc_broken (name, id)
SELECT 'message', m.id
FROM message AS m
JOIN lc_session AS s ON s.id = m.session_id
WHERE s.active < :idle_since AND s.unclear = 0 AND << rule.small("m.data", sliced) >> AND json_valid(m.data) = 0;
<% endif %>
<% for table in store.roots if store.has(table, "revert") -%>
INSERT INTO lc_broken (name, id)
SELECT '<< table >>', r.id
FROM << table >> AS r
JOIN lc_session AS s ON s.id = r.id
WHERE s.active < :idle_since AND s.unclear = 0
  AND r.revert IS NOT NULL AND << rule.small("r.revert", sliced) >> AND json_valid(r.revert) = 0;
<% endfor %>
