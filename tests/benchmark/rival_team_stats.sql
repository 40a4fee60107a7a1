-- The rival of `stats` on Postgres, by hand, for psql -v now=MILLISECONDS: the same figures, each big column read once.
\set ON_ERROR_STOP on
\pset format unaligned
\pset tuples_only on

SET jit = off;
SET work_mem = '64MB';
SET temp_buffers = '64MB';
SET random_page_cost = 1.1;

CREATE FUNCTION pg_temp.safe(t text) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE STRICT AS $$
BEGIN
  RETURN t::jsonb;
EXCEPTION WHEN data_exception THEN
  BEGIN
    RETURN regexp_replace(t, '\\u(0000|d[89a-f][0-9a-f]{2})', '?', 'gi')::jsonb;
  EXCEPTION WHEN data_exception THEN
    RETURN NULL;
  END;
END
$$;

CREATE TEMPORARY TABLE piece AS
SELECT p.id, p.session_id, coalesce(CASE WHEN x.j IS NULL THEN 'invalid json' END, x.j ->> 'type', 'no type') AS kind,
       octet_length(p.data) AS bytes,
       CASE WHEN x.j ->> 'type' = 'tool' AND x.j #>> '{state,status}' = 'completed'
              AND x.j #> '{state,time,compacted}' IS NOT NULL
              AND x.j #>> '{state,output}' <> '[Old tool result content cleared]'
         THEN octet_length(p.data) - octet_length(jsonb_set(x.j #- '{state,attachments}' #- '{state,metadata}',
                                                            '{state,output}', '"[Old tool result content cleared]"')::text)
       END AS compacted
FROM part AS p, LATERAL (SELECT pg_temp.safe(p.data) AS j OFFSET 0) AS x;

CREATE TEMPORARY TABLE note AS
SELECT e.id, e.aggregate_id, e.type, e.seq, octet_length(e.data) AS bytes,
       CASE WHEN e.type LIKE 'message.part.updated.%' THEN x.j #>> '{part,id}' ELSE x.j #>> '{info,id}' END AS entity
FROM event AS e, LATERAL (SELECT pg_temp.safe(e.data) AS j OFFSET 0) AS x;

CREATE TEMPORARY TABLE tally AS
SELECT s.id, s.parent_id, s.time_archived, s.share_url, s.title,
       coalesce(p.bytes, 0) + coalesce(m.bytes, 0) + coalesce(e.bytes, 0) AS bytes,
       greatest(s.time_updated, m.newest) AS active
FROM session AS s
LEFT JOIN (SELECT session_id, sum(bytes) AS bytes FROM piece GROUP BY 1) AS p ON p.session_id = s.id
LEFT JOIN (SELECT session_id, sum(octet_length(data)) AS bytes, max(time_updated) AS newest
           FROM message GROUP BY 1) AS m ON m.session_id = s.id
LEFT JOIN (SELECT aggregate_id, sum(bytes) AS bytes FROM note GROUP BY 1) AS e ON e.aggregate_id = s.id;

CREATE TEMPORARY TABLE tree AS
WITH RECURSIVE down AS (
  SELECT t.id, t.id AS root FROM tally AS t
  WHERE NOT EXISTS (SELECT 1 FROM tally AS p WHERE p.id = t.parent_id)
  UNION
  SELECT t.id, d.root FROM tally AS t JOIN down AS d ON t.parent_id = d.id
)
SELECT * FROM down;

SELECT 'sessions', count(*), count(parent_id), count(time_archived), count(share_url) FROM tally;

SELECT 'rows', (SELECT count(*) FROM session), (SELECT count(*) FROM message), (SELECT count(*) FROM piece),
       (SELECT count(*) FROM note), (SELECT count(*) FROM event_sequence), (SELECT count(*) FROM todo);

SELECT 'bytes', (SELECT sum(octet_length(data)) FROM message), (SELECT sum(bytes) FROM piece), (SELECT sum(bytes) FROM note);

SELECT 'part', kind, count(*), sum(bytes) FROM piece GROUP BY 2 ORDER BY 4 DESC;

SELECT 'event', type, count(*), sum(bytes) FROM note GROUP BY 2 ORDER BY 4 DESC;

SELECT 'compacted', count(*), sum(compacted) FROM piece WHERE compacted > 0;

SELECT 'events', count(*), sum(bytes)
FROM (SELECT bytes, row_number() OVER (PARTITION BY aggregate_id, type, entity ORDER BY seq DESC) AS n
      FROM note WHERE entity IS NOT NULL) AS x
WHERE n > 1;

SELECT 'orphans', count(*) FROM piece AS p JOIN part AS o ON o.id = p.id
WHERE NOT EXISTS (SELECT 1 FROM message AS m WHERE m.id = o.message_id);

SELECT 'largest', d.root, sum(t.bytes), count(*) FROM tally AS t JOIN tree AS d ON d.id = t.id
GROUP BY 2 ORDER BY 3 DESC, 2 LIMIT 10;

SELECT 'age', width_bucket((:now - active) / 86400000, ARRAY[0, 7, 30, 90, 365]), count(*), sum(bytes)
FROM tally GROUP BY 2 ORDER BY 2;
