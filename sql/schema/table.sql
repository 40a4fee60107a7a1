<%- import "schema/_names.sql" as name -%>
-- << shape.name >>, as the client has it. Only its key must be there: a client of another version may leave out the rest.
CREATE TABLE << name.quoted(shape.name) >> (
<%- for column in shape.columns %>
  << name.quoted(column.name) >> << column.spelled >><< " NOT NULL" if column.name in shape.key >><< "," if shape.key or not loop.last >>
<%- endfor %>
<%- if shape.key %>
  PRIMARY KEY (<< name.listed(shape.key) >>)
<%- endif %>
);
