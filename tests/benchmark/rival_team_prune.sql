-- The rival of `prune --days=30 --vacuum` on Postgres, by hand, for psql -v now=MILLISECONDS: whole trees, each batch
-- a transaction that is short enough for others, children before parents, then VACUUM.
\set ON_ERROR_STOP on
\pset format unaligned
\pset tuples_only on

SET jit = off;
SET work_mem = '64MB';
SET temp_buffers = '64MB';
SET random_page_cost = 1.1;

CREATE TEMPORARY TABLE tree AS
WITH RECURSIVE down AS (
  SELECT s.id, s.id AS root FROM session AS s
  WHERE NOT EXISTS (SELECT 1 FROM session AS p WHERE p.id = s.parent_id)
  UNION
  SELECT s.id, d.root FROM session AS s JOIN down AS d ON s.parent_id = d.id
)
SELECT * FROM down;

CREATE TEMPORARY TABLE doomed AS
SELECT t.id, row_number() OVER (ORDER BY t.root, t.id) / 400 AS batch
FROM tree AS t
JOIN (
  SELECT t.root
  FROM tree AS t
  JOIN session AS s ON s.id = t.id
  LEFT JOIN (SELECT session_id, max(time_updated) AS newest FROM message GROUP BY 1) AS m ON m.session_id = s.id
  GROUP BY t.root
  HAVING max(greatest(s.time_updated, m.newest)) < :now - 30 * 86400000::bigint
     AND count(s.share_url) = 0
) AS o ON o.root = t.root;

CREATE INDEX ON doomed (batch);

ANALYZE doomed;

SELECT 'size', sum(octet_length(p.data)), count(*)
FROM doomed AS d JOIN message AS m ON m.session_id = d.id JOIN part AS p ON p.message_id = m.id;

CREATE PROCEDURE pg_temp.sweep() LANGUAGE plpgsql AS $$
DECLARE
  b bigint;
BEGIN
  FOR b IN SELECT DISTINCT batch FROM doomed ORDER BY 1 LOOP
    DELETE FROM part WHERE message_id IN (SELECT m.id FROM message AS m JOIN doomed AS d ON d.id = m.session_id
                                          WHERE d.batch = b);
    DELETE FROM message WHERE session_id IN (SELECT id FROM doomed WHERE batch = b);
    DELETE FROM todo WHERE session_id IN (SELECT id FROM doomed WHERE batch = b);
    DELETE FROM session_share WHERE session_id IN (SELECT id FROM doomed WHERE batch = b);
    DELETE FROM session_message WHERE session_id IN (SELECT id FROM doomed WHERE batch = b);
    DELETE FROM session_input WHERE session_id IN (SELECT id FROM doomed WHERE batch = b);
    DELETE FROM session_context_epoch WHERE session_id IN (SELECT id FROM doomed WHERE batch = b);
    DELETE FROM event WHERE aggregate_id IN (SELECT id FROM doomed WHERE batch = b);
    DELETE FROM event_sequence WHERE aggregate_id IN (SELECT id FROM doomed WHERE batch = b);
    DELETE FROM session WHERE id IN (SELECT id FROM doomed WHERE batch = b);
    COMMIT;
  END LOOP;
END
$$;

CALL pg_temp.sweep();

VACUUM (ANALYZE) part;

VACUUM (ANALYZE) message;

VACUUM (ANALYZE) event;

VACUUM (ANALYZE) event_sequence;

VACUUM (ANALYZE) session;
