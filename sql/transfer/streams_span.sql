-- The sessions from one place of the queue to another are the next, with their messages.
DELETE FROM lc_span;

INSERT INTO lc_span (place, id)
SELECT q.place, q.id
FROM lc_queue AS q
WHERE q.place BETWEEN :first AND :last;

DELETE FROM lc_span_message;
<% if store.has("message") %>
-- (CROSS JOIN: SQLite takes the tables in the order they stand.)
INSERT INTO lc_span_message (place, session_place, id)
SELECT ROW_NUMBER() OVER (ORDER BY s.place, m.time_created, m.id), s.place, m.id
FROM lc_span AS s
CROSS JOIN message AS m
WHERE m.session_id = s.id AND m.id IS NOT NULL;
<% endif %>
