-- What has a name of a table here, and is none.
SELECT c.relname AS name
FROM pg_class AS c
JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE n.nspname = current_setting('lifecycle.schema') AND c.relkind NOT IN ('r', 'p', 'i', 'I', 't')
ORDER BY c.relname;
