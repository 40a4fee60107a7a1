-- What is changed in a text of JSON; a removal changes none, so that this stands in no plan.
-- gc_text writes it back, with those escapes as they were. (These are plpgsql because a call then costs a tenth of
-- what a call of a function in plain SQL does.)
CREATE OR REPLACE FUNCTION pg_temp.gc_text(j jsonb, original text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT COST 500 AS $gc$
DECLARE
  stand_in text := pg_temp.gc_stand_in(original);
BEGIN
  RETURN CASE WHEN stand_in IS NULL THEN j::text ELSE replace(j::text, stand_in, '\u') END;
END
$gc$;

-- gc_links reduces the metadata of a tool's state to the sessions that it links.
CREATE OR REPLACE FUNCTION pg_temp.gc_links(j jsonb) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE STRICT COST 500 AS $gc$
BEGIN
  IF j #> '{state,metadata}' = '{}' THEN
    RETURN j;
  END IF;
  RETURN jsonb_set(j, '{state,metadata}', jsonb_strip_nulls(jsonb_build_object(
    'sessionId', j #> '{state,metadata,sessionId}', 'parentSessionId', j #> '{state,metadata,parentSessionId}'
  )), false);
END
$gc$;
