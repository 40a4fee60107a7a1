-- The store's schema is in reach, behind the system's own and before no other: whoever may make functions and operators
-- in a schema of the search path could have us call them.
DO $gc$
BEGIN
  PERFORM pg_catalog.set_config(
    'search_path', pg_catalog.quote_ident(pg_catalog.current_schema()::pg_catalog.text), false
  );
END
$gc$;

-- Backslashes in literals are plain characters, and texts come and go as UTF-8.
SET standard_conforming_strings = on;

SET client_encoding = 'UTF8';

-- A table that somebody else holds is waited for, but not for ever.
SET lock_timeout = '10s';

-- Room to hash and sort in, and for the work tables: the defaults are for a thousand small sessions at once.
SET work_mem = '64MB';

SET temp_buffers = '64MB';

-- A batch looks its rows up by index: on a disk of today that is dearer than reading in order, but not four times.
SET random_page_cost = 1.1;

-- Compiling costs more than it saves here.
SET jit = off;

-- Helpers in the schema of this session: they vanish with the connection and leave nothing in the database.
-- gc_json reads a text as JSON, and gives NULL for a text that is none. jsonb refuses an escaped NUL and half of a
-- surrogate pair, which real outputs contain: the backslash-u of such an escape is swapped for U+E001 first.
CREATE OR REPLACE FUNCTION pg_temp.gc_json(t text) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE STRICT COST 2000 AS $gc$
BEGIN
  RETURN t::jsonb;
EXCEPTION WHEN data_exception OR program_limit_exceeded OR statement_too_complex THEN
  IF position(U&'\E001' IN t) > 0 THEN
    RETURN NULL;
  END IF;
  BEGIN
    RETURN regexp_replace(
      t, '(?<!\\)((?:\\\\)*)\\u(0000|[dD][89a-fA-F][0-9a-fA-F]{2})', E'\\1\uE001\\2', 'g'
    )::jsonb;
  EXCEPTION WHEN data_exception OR program_limit_exceeded OR statement_too_complex THEN
    RETURN NULL;
  END;
END
$gc$;
