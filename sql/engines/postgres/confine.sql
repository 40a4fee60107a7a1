-- Only what the system itself has is in reach: whoever may make functions and operators in a schema of the search path
-- could have us call them. The store's schema, the first of the path that is there, is remembered.
DO $gc$
BEGIN
  PERFORM pg_catalog.set_config('lifecycle.schema', COALESCE(pg_catalog.current_schema()::pg_catalog.text, ''), false);
  PERFORM pg_catalog.set_config('search_path', 'pg_catalog', false);
END
$gc$;
