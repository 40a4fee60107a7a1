-- Let the server count the rows that this connection has just removed; servers before 15 do so by themselves, later.
DO $gc$
BEGIN
  PERFORM pg_stat_force_next_flush();
EXCEPTION WHEN undefined_function THEN
  NULL;
END
$gc$;
