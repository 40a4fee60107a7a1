-- How many of the chosen sessions are of 2.x, where no list looks at the flag.
SELECT COUNT(*) AS sessions
FROM lc_unit AS u
WHERE u.id = u.root_id
  AND <% if store.has("session_v2") %>EXISTS (SELECT 1 FROM session_v2 AS s WHERE s.id = u.id)<% else %>1 = 0<% endif %>;
