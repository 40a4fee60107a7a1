-- What a stretch of the log comes to,
INSERT INTO lc_repeated (tally, bytes)
SELECT COUNT(*), COALESCE(SUM(s.bytes), 0)
FROM lc_superseded AS s;
<% if not all_events %>
-- and its events that say they repeat something, and do not say what.
INSERT INTO lc_broken (name, id)
SELECT 'event', n.id
FROM lc_note AS n
JOIN event AS e ON e.id = n.id
WHERE n.entity = '' AND json_valid(e.data) = 0;
<%- endif %>
