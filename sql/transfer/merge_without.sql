<%- import "schema/_names.sql" as name -%>
-- The copy's row of << shape.name >> stays: nobody wrote to the source's since.
DELETE FROM << name.quoted("lc_in_" ~ shape.name) >>
WHERE id = :id;
