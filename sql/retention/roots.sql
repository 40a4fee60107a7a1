-- How many root sessions there are, by the index on the parent; an id in both layouts counts twice.
SELECT
<%- for table in store.roots %>
  (SELECT COUNT(*) FROM << table >> AS << table >>_row WHERE << table >>_row.parent_id IS NULL)<< " +" if not loop.last >>
<%- endfor %> AS roots;
