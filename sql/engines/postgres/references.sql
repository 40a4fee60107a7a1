-- Tables with a foreign key to a session.
SELECT DISTINCT c.relname AS table_name
FROM pg_constraint AS k
JOIN pg_class AS c ON c.oid = k.conrelid
JOIN pg_class AS p ON p.oid = k.confrelid
JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE k.contype = 'f' AND n.nspname = current_setting('lifecycle.schema') AND p.relname IN ('session', 'session_v2')
ORDER BY c.relname;
