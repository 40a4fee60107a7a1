<%- import "schema/_names.sql" as name -%>
-- What a removal looks up in << index.table >>: without it each batch would read the whole table.
CREATE INDEX << index.name >> ON << name.quoted(index.table) >> (<< name.listed(index.columns) >>);
