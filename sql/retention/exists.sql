-- Is there a session with this id?
SELECT
<%- for table in store.roots %>
  (SELECT COUNT(*) FROM << table >> AS s WHERE s.id = :id)<< " +" if not loop.last else " AS there" >>
<%- endfor %>
FROM (SELECT 1 AS one) AS once;
