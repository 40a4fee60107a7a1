<%- import "schema/_names.sql" as name -%>
<%- import "transfer/_merge.sql" as row -%>
<%- set come = name.quoted("lc_in_" ~ shape.name) -%>
-- The copy's rows of << shape.name >> stay where nobody wrote to the source's since.
DELETE FROM << come >>
WHERE EXISTS (
  SELECT 1 FROM << name.quoted(shape.name) >> AS t
  WHERE << row.same(shape, columns, "t", come) >>
<%- if "time_updated" in columns %> AND CASE WHEN << come >>.time_updated > t.time_updated THEN 0 ELSE 1 END = 1<% endif %>
);
