<%- import "schema/_names.sql" as name -%>
-- A column that a newer client has.
ALTER TABLE << name.quoted(shape.name) >> ADD COLUMN << name.quoted(column.name) >> << column.spelled >>;
