-- gc_part_files and gc_message_files list what is attached, see attached.sql. They vanish with the connection.
CREATE OR REPLACE FUNCTION pg_temp.gc_part_files(j jsonb) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT COST 500 AS $gc$
BEGIN
  RETURN (
    SELECT jsonb_agg(jsonb_build_array(NULL, left(f.url, 200), length(f.url)))
    FROM (
      SELECT u #>> '{}' AS url FROM jsonb_path_query(j, '$.url') AS u
      UNION ALL
      SELECT u #>> '{}' FROM jsonb_path_query(j, '$.state.attachments[*].url') AS u
    ) AS f
    WHERE f.url LIKE 'data:%;base64,%'
  )::text;
END
$gc$;

CREATE OR REPLACE FUNCTION pg_temp.gc_message_files(j jsonb) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT COST 500 AS $gc$
BEGIN
  RETURN (
    SELECT jsonb_agg(jsonb_build_array(f.mime, left(f.url, 200), length(f.url)))
    FROM (
      SELECT NULL AS mime, u #>> '{}' AS url FROM jsonb_path_query(j, '$.files[*].uri') AS u
      UNION ALL
      SELECT x ->> 'mime', x ->> 'data' FROM jsonb_path_query(j, '$.files[*]') AS x
      UNION ALL
      SELECT NULL, u #>> '{}' FROM jsonb_path_query(j, '$.content[*].state.content[*].uri') AS u
      UNION ALL
      SELECT NULL, u #>> '{}' FROM jsonb_path_query(j, '$.content[*].state.attachments[*].uri') AS u
    ) AS f
    WHERE f.url IS NOT NULL AND (f.mime IS NOT NULL OR f.url LIKE 'data:%;base64,%')
  )::text;
END
$gc$;
