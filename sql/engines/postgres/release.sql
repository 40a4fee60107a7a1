-- The store's schema is in reach, behind the system's own and before no other.
DO $gc$
BEGIN
  PERFORM pg_catalog.set_config('search_path', pg_catalog.quote_ident(pg_catalog.current_setting('lifecycle.schema')), false);
END
$gc$;
