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
-- gc_stand_in is a letter that a text has neither as itself nor escaped: the first free one for private use, as a rule
-- U+E001; NULL where all are taken.
CREATE OR REPLACE FUNCTION pg_temp.gc_stand_in(t text) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT AS $gc$
BEGIN
  FOR code IN 57345..63743 LOOP
    IF position(chr(code) IN t) = 0 AND t !~* ('\\u' || to_hex(code)) THEN
      RETURN chr(code);
    END IF;
  END LOOP;
  RETURN NULL;
END
$gc$;

-- gc_json reads a text as JSON, and gives NULL for a text that is none. jsonb refuses an escaped NUL and half of a
-- surrogate pair, which real outputs contain: the backslash-u of such an escape is swapped for the stand-in first.
CREATE OR REPLACE FUNCTION pg_temp.gc_json(t text) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE STRICT COST 2000 AS $gc$
BEGIN
  RETURN t::jsonb;
EXCEPTION WHEN data_exception OR program_limit_exceeded OR statement_too_complex THEN
  BEGIN
    RETURN regexp_replace(
      t, '(?<!\\)((?:\\\\)*)\\u(0000|[dD][89a-fA-F][0-9a-fA-F]{2})', '\1' || pg_temp.gc_stand_in(t) || '\2', 'g'
    )::jsonb;
  EXCEPTION WHEN data_exception OR program_limit_exceeded OR statement_too_complex THEN
    RETURN NULL;
  END;
END
$gc$;
