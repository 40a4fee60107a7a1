-- Backslashes in literals are plain characters.
SET standard_conforming_strings = on;

-- Texts come and go as UTF-8.
SET client_encoding = 'UTF8';

-- A table that somebody else holds is waited for, but not for ever.
SET lock_timeout = '10s';

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

-- gc_text writes it back, with those escapes as they were.
CREATE OR REPLACE FUNCTION pg_temp.gc_text(j jsonb, original text) RETURNS text LANGUAGE sql IMMUTABLE AS $gc$
  SELECT CASE WHEN position(U&'\E001' IN original) > 0 THEN j::text ELSE replace(j::text, U&'\E001', '\u') END
$gc$;

-- gc_put sets the string at a path.
CREATE OR REPLACE FUNCTION pg_temp.gc_put(t text, p text[], v text) RETURNS text LANGUAGE sql IMMUTABLE AS $gc$
  SELECT pg_temp.gc_text(jsonb_set(pg_temp.gc_json(t), p, to_jsonb(v)), t)
$gc$;

-- gc_drop takes away what is at a path.
CREATE OR REPLACE FUNCTION pg_temp.gc_drop(t text, p text[]) RETURNS text LANGUAGE sql IMMUTABLE AS $gc$
  SELECT pg_temp.gc_text(pg_temp.gc_json(t) #- p, t)
$gc$;

-- gc_empty puts an empty list in place of what is at a path.
CREATE OR REPLACE FUNCTION pg_temp.gc_empty(t text, p text[]) RETURNS text LANGUAGE sql IMMUTABLE AS $gc$
  SELECT pg_temp.gc_text(jsonb_set(pg_temp.gc_json(t), p, '[]'::jsonb, false), t)
$gc$;

-- gc_links reduces the metadata of a tool's state to the sessions that it links.
CREATE OR REPLACE FUNCTION pg_temp.gc_links(t text) RETURNS text LANGUAGE sql IMMUTABLE AS $gc$
  SELECT pg_temp.gc_text(jsonb_set(j.data, '{state,metadata}', jsonb_strip_nulls(jsonb_build_object(
    'sessionId', j.data #> '{state,metadata,sessionId}', 'parentSessionId', j.data #> '{state,metadata,parentSessionId}'
  )), false), t)
  FROM (SELECT pg_temp.gc_json(t) AS data) AS j
$gc$;
