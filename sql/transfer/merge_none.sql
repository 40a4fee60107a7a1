<%- import "schema/_names.sql" as name -%>
DELETE FROM << name.quoted("lc_in_" ~ shape.name) >>;
