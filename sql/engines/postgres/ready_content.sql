-- What content.sql calls, made only where it is needed: the entries of a 2.x message. gc_entries: the list of them,
-- NULL where it holds anything else.
CREATE OR REPLACE FUNCTION pg_temp.gc_entries(j jsonb) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE STRICT COST 500 AS $gc$
BEGIN
  IF jsonb_typeof(j -> 'content') = 'array'
    AND NOT jsonb_path_exists(j, 'strict $.content[*] ? (@.type() != "object")', '{}', true) THEN
    RETURN j -> 'content';
  END IF;
  RETURN NULL;
END
$gc$;

-- gc_tool_state: what the entry is: a tool call that ended and that no provider ran itself, its result still 'there'
-- or 'gone'; NULL for any other.
CREATE OR REPLACE FUNCTION pg_temp.gc_tool_state(e jsonb) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT COST 500 AS $gc$
BEGIN
  IF e ->> 'type' <> 'tool' OR e #>> '{state,status}' <> 'completed' OR e -> 'executed' = 'true'
    OR jsonb_typeof(e #> '{state,content}') <> 'array' OR e #> '{state,content}' = '[]' THEN
    RETURN NULL;
  ELSIF e ->> 'type' IS NULL OR e #>> '{state,status}' IS NULL OR e #> '{state,content}' IS NULL THEN
    RETURN NULL;
  ELSIF jsonb_array_length(e #> '{state,content}') = 1
    AND e #>> '{state,content,0,text}' = '[Old tool result content cleared]' THEN
    RETURN 'gone';
  ELSIF e ->> 'name' <> 'skill' THEN
    RETURN 'there';
  END IF;
  RETURN NULL;
END
$gc$;

-- gc_linked: a tool call described by the sessions that it links, and by nothing else.
CREATE OR REPLACE FUNCTION pg_temp.gc_linked(e jsonb, field text) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE STRICT COST 500 AS $gc$
BEGIN
  RETURN jsonb_set(e, ARRAY['state', field], jsonb_strip_nulls(jsonb_build_object(
    'sessionID', e #> ARRAY['state', field, 'sessionID'], 'sessionId', e #> ARRAY['state', field, 'sessionId'],
    'parentSessionId', e #> ARRAY['state', field, 'parentSessionId']
  )), false);
END
$gc$;

CREATE OR REPLACE FUNCTION pg_temp.gc_results(j jsonb) RETURNS bigint
LANGUAGE plpgsql IMMUTABLE STRICT COST 500 AS $gc$
BEGIN
  RETURN (
    SELECT SUM(COALESCE(OCTET_LENGTH(COALESCE(r.value ->> 'text', r.value ->> 'uri')), 0))
    FROM jsonb_array_elements(pg_temp.gc_entries(j)) AS e
    CROSS JOIN LATERAL jsonb_array_elements(
      CASE WHEN pg_temp.gc_tool_state(e.value) = 'there' THEN e.value #> '{state,content}' ELSE '[]' END
    ) AS r
  );
END
$gc$;

CREATE OR REPLACE FUNCTION pg_temp.gc_cleared(j jsonb) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE STRICT COST 500 AS $gc$
BEGIN
  RETURN jsonb_set(j, '{content}', (
    SELECT jsonb_agg(CASE WHEN pg_temp.gc_tool_state(e.value) = 'there' THEN jsonb_set(
      pg_temp.gc_linked(pg_temp.gc_linked(e.value, 'metadata'), 'structured'),
      '{state,content}', '[{"type":"text","text":"[Old tool result content cleared]"}]'
    ) #- '{state,attachments}' ELSE e.value END ORDER BY e.place)
    FROM jsonb_array_elements(pg_temp.gc_entries(j)) WITH ORDINALITY AS e (value, place)
  ));
END
$gc$;

CREATE OR REPLACE FUNCTION pg_temp.gc_is_burdened(e jsonb) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE STRICT COST 500 AS $gc$
BEGIN
  RETURN COALESCE(pg_temp.gc_tool_state(e), '') = 'gone'
    AND COALESCE(jsonb_typeof(e #> '{state,metadata}'), '') = 'object'
    AND (e #> '{state,metadata}') - '{sessionID,sessionId,parentSessionId}'::text[] <> '{}'::jsonb;
END
$gc$;

CREATE OR REPLACE FUNCTION pg_temp.gc_burden(j jsonb) RETURNS bigint
LANGUAGE plpgsql IMMUTABLE STRICT COST 500 AS $gc$
BEGIN
  RETURN (
    SELECT COUNT(*) FROM jsonb_array_elements(pg_temp.gc_entries(j)) AS e WHERE pg_temp.gc_is_burdened(e.value)
  );
END
$gc$;

CREATE OR REPLACE FUNCTION pg_temp.gc_lightened(j jsonb) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE STRICT COST 500 AS $gc$
BEGIN
  RETURN jsonb_set(j, '{content}', (
    SELECT jsonb_agg(CASE WHEN pg_temp.gc_is_burdened(e.value) THEN pg_temp.gc_linked(e.value, 'metadata')
      ELSE e.value END ORDER BY e.place)
    FROM jsonb_array_elements(pg_temp.gc_entries(j)) WITH ORDINALITY AS e (value, place)
  ));
END
$gc$;

CREATE OR REPLACE FUNCTION pg_temp.gc_thoughts(j jsonb) RETURNS bigint
LANGUAGE plpgsql IMMUTABLE STRICT COST 500 AS $gc$
BEGIN
  RETURN (
    SELECT COUNT(*)
    FROM jsonb_array_elements(pg_temp.gc_entries(j)) AS e
    WHERE e.value ->> 'type' = 'reasoning'
      AND (COALESCE(e.value ->> 'text', '') <> '' OR e.value ? 'state' OR e.value ? 'native')
  );
END
$gc$;

CREATE OR REPLACE FUNCTION pg_temp.gc_unthought(j jsonb) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE STRICT COST 500 AS $gc$
BEGIN
  RETURN jsonb_set(j, '{content}', (
    SELECT jsonb_agg(CASE WHEN e.value ->> 'type' = 'reasoning'
      THEN jsonb_set(e.value, '{text}', '""', false) - 'state' - 'native' ELSE e.value END ORDER BY e.place)
    FROM jsonb_array_elements(pg_temp.gc_entries(j)) WITH ORDINALITY AS e (value, place)
  ));
END
$gc$;
