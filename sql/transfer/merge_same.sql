<%- import "schema/_names.sql" as name -%>
<%- import "transfer/_merge.sql" as row -%>
<%- set come = name.quoted("lc_in_" ~ shape.name) -%>
-- Rows of << shape.name >> that are there as they are: nothing to do.
DELETE FROM << come >>
WHERE EXISTS (
  SELECT 1 FROM << name.quoted(shape.name) >> AS t
  WHERE << row.equal(columns, "t", come) >>
);
