<%- import "schema/_names.sql" as name -%>
-- Rows of << shape.name >> on their way in.
CREATE TEMPORARY TABLE << name.quoted("lc_in_" ~ shape.name) >> (
<%- for column in shape.columns if column.name in columns %>
  << name.quoted(column.name) >> << column.spelled >><< "," if not loop.last >>
<%- endfor %>
);
