-- The rival of `prune --days=30 --yes --no-export --vacuum --json` on Postgres, by hand, for psql -v now=MILLISECONDS:
-- what a careful administrator writes for this one schema on a server where others go on writing. It does, in this order:
--   1. adds up rows, octets and times of every session, table by table, a part by its message and by its own
--      session_id where that message is missing;
--   2. finds the roots, and the trees that go: not active within 30 days (sessions and messages), not shared, with
--      times that are times;
--   3. prints them, session by session with their octets, and what stays;
--   4. in batches of whole trees: locks the rows of the sessions, spares a tree that was shared, moved, archived, given a
--      child or written to since it was added up (more or fewer rows, or newer ones), deletes children before parents;
--   5. prints how many rows of each table were deleted and what was spared, and vacuums the tables.
-- It does not do: pins, patterns of a policy, the look for unfinished work in an old tree with rows of the last week
-- (there is none), ids that must not be printed, a plan file, the history of runs.
\set ON_ERROR_STOP on
\pset format unaligned
\pset tuples_only on

SET jit = off;
SET work_mem = '64MB';
SET temp_buffers = '64MB';
SET random_page_cost = 1.1;

CREATE TEMPORARY TABLE used AS
SELECT m.session_id AS id, 'part' AS name, count(*) AS n, sum(octet_length(p.data)) AS bytes, max(p.time_updated) AS newest
FROM message AS m JOIN part AS p ON p.message_id = m.id GROUP BY 1
UNION ALL
SELECT p.session_id, 'part', count(*), sum(octet_length(p.data)), max(p.time_updated)
FROM part AS p WHERE NOT EXISTS (SELECT 1 FROM message AS m WHERE m.id = p.message_id) GROUP BY 1
UNION ALL
SELECT session_id, 'message', count(*), sum(octet_length(data)), max(time_updated) FROM message GROUP BY 1
UNION ALL
SELECT session_id, 'todo', count(*), 0, max(time_updated) FROM todo GROUP BY 1
UNION ALL
SELECT session_id, 'session_share', count(*), 0, max(time_updated) FROM session_share GROUP BY 1
UNION ALL
SELECT session_id, 'session_message', count(*), sum(octet_length(data)), max(time_updated) FROM session_message GROUP BY 1
UNION ALL
SELECT session_id, 'session_input', count(*), 0, max(time_created) FROM session_input GROUP BY 1
UNION ALL
SELECT session_id, 'session_context_epoch', count(*), 0, NULL FROM session_context_epoch GROUP BY 1
UNION ALL
SELECT aggregate_id, 'event', count(*), sum(octet_length(data)), NULL FROM event GROUP BY 1
UNION ALL
SELECT aggregate_id, 'event_sequence', count(*), 0, NULL FROM event_sequence GROUP BY 1;

CREATE TEMPORARY TABLE tree AS
WITH RECURSIVE down AS (
  SELECT s.id, s.id AS root FROM session AS s
  WHERE NOT EXISTS (SELECT 1 FROM session AS p WHERE p.id = s.parent_id)
  UNION
  SELECT s.id, d.root FROM session AS s JOIN down AS d ON s.parent_id = d.id
)
SELECT d.id, d.root, s.parent_id, s.title, s.time_updated, s.project_id, s.time_archived, u.n, u.bytes,
       greatest(s.time_updated, u.newest) AS newest, greatest(s.time_updated, u.active) AS active,
       s.share_url IS NOT NULL OR EXISTS (SELECT 1 FROM session_share AS x WHERE x.session_id = s.id) AS shared
FROM down AS d
JOIN session AS s ON s.id = d.id
LEFT JOIN (
  SELECT id, sum(n) FILTER (WHERE name NOT LIKE 'event%') AS n, sum(bytes) AS bytes, max(newest) AS newest,
         max(newest) FILTER (WHERE name LIKE '%message') AS active
  FROM used GROUP BY id
) AS u ON u.id = d.id;

CREATE TEMPORARY TABLE doomed AS
SELECT t.*, rank() OVER (ORDER BY o.active, t.root) / 400 AS batch
FROM tree AS t
JOIN (
  SELECT root, max(active) AS active FROM tree GROUP BY root
  HAVING max(active) < :now - 30 * 86400000::bigint AND min(active) >= 1000000000000 AND NOT bool_or(shared)
) AS o ON o.root = t.root;

CREATE INDEX ON doomed (batch);

CREATE INDEX ON doomed (id);

ANALYZE doomed;

SELECT 'goes', root, min(title) FILTER (WHERE id = root), max(active), sum(bytes), string_agg(id, ' ')
FROM doomed GROUP BY root ORDER BY max(active), root;

SELECT 'stays', count(*) FILTER (WHERE t.id = t.root), count(*), sum(bytes) FROM tree AS t
WHERE NOT EXISTS (SELECT 1 FROM doomed AS d WHERE d.id = t.id);

CREATE TEMPORARY TABLE now_there (id text, n bigint, newest bigint, named bigint);

CREATE TEMPORARY TABLE more (id text);

CREATE TEMPORARY TABLE batch (id text PRIMARY KEY);

CREATE TEMPORARY TABLE spared (root text);

CREATE TEMPORARY TABLE gone (name text, n bigint);

CREATE PROCEDURE pg_temp.sweep() LANGUAGE plpgsql AS $$
DECLARE
  b bigint;
  n bigint;
BEGIN
  FOR b IN SELECT DISTINCT batch FROM doomed ORDER BY 1 LOOP
    PERFORM 1 FROM session WHERE id IN (SELECT id FROM doomed WHERE batch = b) ORDER BY id FOR UPDATE;
    DELETE FROM now_there;
    DELETE FROM more;
    DELETE FROM batch;
    INSERT INTO now_there
    SELECT d.id, count(*), max(p.time_updated), count(*) FILTER (WHERE p.session_id = d.id)
    FROM doomed AS d JOIN message AS m ON m.session_id = d.id JOIN part AS p ON p.message_id = m.id WHERE d.batch = b GROUP BY 1
    UNION ALL
    SELECT d.id, count(*), max(m.time_updated), 0 FROM doomed AS d JOIN message AS m ON m.session_id = d.id WHERE d.batch = b GROUP BY 1
    UNION ALL
    SELECT d.id, count(*), max(t.time_updated), 0 FROM doomed AS d JOIN todo AS t ON t.session_id = d.id WHERE d.batch = b GROUP BY 1
    UNION ALL
    SELECT d.id, count(*), max(t.time_updated), 0 FROM doomed AS d JOIN session_share AS t ON t.session_id = d.id WHERE d.batch = b GROUP BY 1
    UNION ALL
    SELECT d.id, count(*), max(t.time_updated), 0 FROM doomed AS d JOIN session_message AS t ON t.session_id = d.id WHERE d.batch = b GROUP BY 1
    UNION ALL
    SELECT d.id, count(*), max(t.time_created), 0 FROM doomed AS d JOIN session_input AS t ON t.session_id = d.id WHERE d.batch = b GROUP BY 1
    UNION ALL
    SELECT d.id, count(*), NULL, 0 FROM doomed AS d JOIN session_context_epoch AS t ON t.session_id = d.id WHERE d.batch = b GROUP BY 1;
    -- Parts whose message is gone: only a session that more parts name than its messages have can own one.
    INSERT INTO more
    SELECT k.id
    FROM (SELECT d.id, count(*) AS n FROM doomed AS d JOIN part AS p ON p.session_id = d.id WHERE d.batch = b GROUP BY 1) AS k
    LEFT JOIN (SELECT id, sum(named) AS named FROM now_there GROUP BY 1) AS t ON t.id = k.id
    WHERE k.n > coalesce(t.named, 0);
    INSERT INTO now_there
    SELECT m.id, count(*), max(p.time_updated), 0 FROM more AS m JOIN part AS p ON p.session_id = m.id
    WHERE NOT EXISTS (SELECT 1 FROM message AS o WHERE o.id = p.message_id) GROUP BY 1;
    INSERT INTO spared
    SELECT d.root
    FROM doomed AS d
    JOIN session AS s ON s.id = d.id
    LEFT JOIN (SELECT id, sum(n.n) AS n, max(newest) AS newest FROM now_there AS n GROUP BY id) AS c ON c.id = d.id
    WHERE d.batch = b
      AND (s.time_updated > d.newest OR c.newest > d.newest OR c.n IS DISTINCT FROM d.n OR (s.share_url IS NOT NULL) <> d.shared
           OR s.parent_id IS DISTINCT FROM d.parent_id OR s.project_id IS DISTINCT FROM d.project_id
           OR s.time_archived IS DISTINCT FROM d.time_archived)
    UNION
    SELECT d.root FROM doomed AS d JOIN session AS c ON c.parent_id = d.id
    WHERE d.batch = b AND NOT EXISTS (SELECT 1 FROM doomed AS k WHERE k.id = c.id);
    INSERT INTO batch SELECT id FROM doomed WHERE batch = b AND root NOT IN (SELECT root FROM spared);
    ANALYZE batch;
    DELETE FROM part WHERE message_id IN (SELECT m.id FROM message AS m JOIN batch AS d ON d.id = m.session_id);
    GET DIAGNOSTICS n = ROW_COUNT; INSERT INTO gone VALUES ('part', n);
    DELETE FROM part WHERE session_id IN (SELECT id FROM batch)
      AND NOT EXISTS (SELECT 1 FROM message AS m WHERE m.id = part.message_id);
    GET DIAGNOSTICS n = ROW_COUNT; INSERT INTO gone VALUES ('part', n);
    DELETE FROM message WHERE session_id IN (SELECT id FROM batch);
    GET DIAGNOSTICS n = ROW_COUNT; INSERT INTO gone VALUES ('message', n);
    DELETE FROM todo WHERE session_id IN (SELECT id FROM batch);
    GET DIAGNOSTICS n = ROW_COUNT; INSERT INTO gone VALUES ('todo', n);
    DELETE FROM session_share WHERE session_id IN (SELECT id FROM batch);
    GET DIAGNOSTICS n = ROW_COUNT; INSERT INTO gone VALUES ('session_share', n);
    DELETE FROM session_message WHERE session_id IN (SELECT id FROM batch);
    GET DIAGNOSTICS n = ROW_COUNT; INSERT INTO gone VALUES ('session_message', n);
    DELETE FROM session_input WHERE session_id IN (SELECT id FROM batch);
    GET DIAGNOSTICS n = ROW_COUNT; INSERT INTO gone VALUES ('session_input', n);
    DELETE FROM session_context_epoch WHERE session_id IN (SELECT id FROM batch);
    GET DIAGNOSTICS n = ROW_COUNT; INSERT INTO gone VALUES ('session_context_epoch', n);
    DELETE FROM event WHERE aggregate_id IN (SELECT id FROM batch);
    GET DIAGNOSTICS n = ROW_COUNT; INSERT INTO gone VALUES ('event', n);
    DELETE FROM event_sequence WHERE aggregate_id IN (SELECT id FROM batch);
    GET DIAGNOSTICS n = ROW_COUNT; INSERT INTO gone VALUES ('event_sequence', n);
    DELETE FROM session WHERE id IN (SELECT id FROM batch);
    GET DIAGNOSTICS n = ROW_COUNT; INSERT INTO gone VALUES ('session', n);
    COMMIT;
  END LOOP;
END
$$;

CALL pg_temp.sweep();

SELECT 'gone', name, sum(n) FROM gone GROUP BY 2 HAVING sum(n) > 0;

SELECT 'spared', root FROM spared GROUP BY 2;

VACUUM (ANALYZE) part, message, todo, session_share, session_message, session_input, session_context_epoch, event,
                 event_sequence, session;
