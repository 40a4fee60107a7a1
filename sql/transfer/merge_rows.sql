<%- import "schema/_names.sql" as name -%>
-- All of << shape.name >>.
SELECT << name.listed(columns, "t.") >>
FROM << name.quoted(shape.name) >> AS t;
