-- Did this store ever have a session with this id? It has it, or rows that only a session leaves behind still name it.
SELECT
  (SELECT COUNT(*) FROM << store.roots[0] >> AS s WHERE s.parent_id = :id) AS children
<%- for table in store.roots %>,
  (SELECT COUNT(*) FROM << table >> AS s WHERE s.id = :id) AS << table >>_rows
<%- endfor %>
<%- if store.has("event_sequence") %>,
  (SELECT COUNT(*) FROM event_sequence AS q WHERE q.aggregate_id = :id) AS numbers
<%- endif %>
<%- if store.has("message") %>,
  (SELECT COUNT(*) FROM message AS m WHERE m.session_id = :id) AS messages
<%- endif %>
<%- if store.has("todo") %>,
  (SELECT COUNT(*) FROM todo AS t WHERE t.session_id = :id) AS todos
<%- endif %>
FROM (SELECT 1 AS one) AS once;
