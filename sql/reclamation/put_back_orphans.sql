<%- import "schema/_names.sql" as name -%>
<%- import "transfer/_merge.sql" as row -%>
<%- import "reclamation/_orphans.sql" as orphan -%>
<%- set owner = store.owned | selectattr("name", "equalto", shape.name) | first %>
-- Rows of << shape.name >> that are not there and that no session owns: what one owns now is its own matter.
INSERT INTO << name.quoted(shape.name) >> (<< name.listed(columns) >>)
SELECT << name.listed(columns, "n.") >>
FROM << name.quoted("lc_in_" ~ shape.name) >> AS n
WHERE NOT EXISTS (SELECT 1 FROM << name.quoted(shape.name) >> AS t WHERE << row.same(shape, columns, "t", "n") >>)
<%- if shape.name == "event" %>
  AND NOT EXISTS (SELECT 1 FROM event AS u WHERE u.aggregate_id = n.aggregate_id AND u.seq = n.seq)
<%- endif %>
  AND << orphan.ownerless(store, owner, "n", false) >>;
