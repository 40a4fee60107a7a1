-- The rival of `prune --days=30 --yes --no-export --vacuum --json` on MariaDB, by hand, with @now in milliseconds: what
-- a careful administrator writes for this one schema on a server where others go on writing. It does what
-- team_rival_prune.sql does on Postgres, in the same order, and leaves undone what that one leaves undone.
SET NAMES utf8mb4 COLLATE utf8mb4_nopad_bin;

SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED;

SET SESSION group_concat_max_len = 1000000;

CREATE TEMPORARY TABLE used (id varchar(191), name varchar(64), n bigint, bytes bigint, newest bigint);

INSERT INTO used
SELECT m.session_id, 'part', count(*), sum(octet_length(p.data)), max(p.time_updated)
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

CREATE TEMPORARY TABLE summed (PRIMARY KEY (id)) AS
SELECT id, sum(CASE WHEN name NOT LIKE 'event%' THEN n END) AS n, sum(bytes) AS bytes, max(newest) AS newest,
       max(CASE WHEN name LIKE '%message' THEN newest END) AS active
FROM used GROUP BY id;

CREATE TEMPORARY TABLE tree (PRIMARY KEY (id), INDEX (root)) AS
WITH RECURSIVE down AS (
  SELECT s.id, s.id AS root FROM session AS s
  WHERE NOT EXISTS (SELECT 1 FROM session AS p WHERE p.id = s.parent_id)
  UNION
  SELECT s.id, d.root FROM session AS s JOIN down AS d ON s.parent_id = d.id
)
SELECT d.id, d.root, s.parent_id, s.title, s.time_updated, s.project_id, s.time_archived, u.n, u.bytes,
       greatest(s.time_updated, coalesce(u.newest, 0)) AS newest, greatest(s.time_updated, coalesce(u.active, 0)) AS active,
       s.share_url IS NOT NULL OR EXISTS (SELECT 1 FROM session_share AS x WHERE x.session_id = s.id) AS shared
FROM down AS d
JOIN session AS s ON s.id = d.id
LEFT JOIN summed AS u ON u.id = d.id;

CREATE TEMPORARY TABLE doomed (PRIMARY KEY (id), INDEX (batch)) AS
SELECT t.*, (rank() OVER (ORDER BY o.active, t.root)) DIV 400 AS batch
FROM tree AS t
JOIN (
  SELECT root, max(active) AS active FROM tree GROUP BY root
  HAVING max(active) < @now - 30 * 86400000 AND min(active) >= 1000000000000 AND NOT max(shared)
) AS o ON o.root = t.root;

SELECT 'goes', root, max(CASE WHEN id = root THEN title END), max(active), sum(bytes), group_concat(id SEPARATOR ' ')
FROM doomed GROUP BY root ORDER BY max(active), root;

SELECT 'stays', sum(t.id = t.root), count(*), sum(bytes) FROM tree AS t
WHERE NOT EXISTS (SELECT 1 FROM doomed AS d WHERE d.id = t.id);

CREATE TEMPORARY TABLE now_there (id varchar(191), n bigint, newest bigint, named bigint);

CREATE TEMPORARY TABLE more (id varchar(191));

CREATE TEMPORARY TABLE batch (id varchar(191) PRIMARY KEY);

CREATE TEMPORARY TABLE spared (root varchar(191));

CREATE TEMPORARY TABLE gone (name varchar(64), n bigint);

DELIMITER //
CREATE PROCEDURE sweep()
BEGIN
  DECLARE b, most, k bigint;
  SELECT max(batch) INTO most FROM doomed;
  SET b = 0;
  WHILE b <= most DO
    START TRANSACTION;
    SELECT count(*) INTO k FROM (SELECT s.id FROM doomed AS d STRAIGHT_JOIN session AS s ON s.id = d.id WHERE d.batch = b FOR UPDATE) AS x;
    DELETE FROM now_there;
    DELETE FROM more;
    DELETE FROM batch;
    INSERT INTO now_there
    SELECT d.id, count(*), max(p.time_updated), sum(p.session_id = d.id)
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
      AND (s.time_updated > d.newest OR c.newest > d.newest OR NOT c.n <=> d.n OR (s.share_url IS NOT NULL) <> d.shared
           OR NOT s.parent_id <=> d.parent_id OR NOT s.project_id <=> d.project_id OR NOT s.time_archived <=> d.time_archived)
    UNION
    SELECT d.root FROM doomed AS d JOIN session AS c ON c.parent_id = d.id
    WHERE d.batch = b AND NOT EXISTS (SELECT 1 FROM doomed AS k WHERE k.id = c.id);
    INSERT INTO batch SELECT id FROM doomed WHERE batch = b AND root NOT IN (SELECT root FROM spared);
    DELETE part FROM batch AS d STRAIGHT_JOIN message AS m ON m.session_id = d.id STRAIGHT_JOIN part ON part.message_id = m.id;
    INSERT INTO gone VALUES ('part', row_count());
    DELETE part FROM batch AS d STRAIGHT_JOIN part ON part.session_id = d.id
    LEFT JOIN message AS m ON m.id = part.message_id WHERE m.id IS NULL;
    INSERT INTO gone VALUES ('part', row_count());
    DELETE message FROM batch AS d STRAIGHT_JOIN message ON message.session_id = d.id;
    INSERT INTO gone VALUES ('message', row_count());
    DELETE todo FROM batch AS d STRAIGHT_JOIN todo ON todo.session_id = d.id;
    INSERT INTO gone VALUES ('todo', row_count());
    DELETE session_share FROM batch AS d STRAIGHT_JOIN session_share ON session_share.session_id = d.id;
    INSERT INTO gone VALUES ('session_share', row_count());
    DELETE session_message FROM batch AS d STRAIGHT_JOIN session_message ON session_message.session_id = d.id;
    INSERT INTO gone VALUES ('session_message', row_count());
    DELETE session_input FROM batch AS d STRAIGHT_JOIN session_input ON session_input.session_id = d.id;
    INSERT INTO gone VALUES ('session_input', row_count());
    DELETE session_context_epoch FROM batch AS d STRAIGHT_JOIN session_context_epoch ON session_context_epoch.session_id = d.id;
    INSERT INTO gone VALUES ('session_context_epoch', row_count());
    DELETE event FROM batch AS d STRAIGHT_JOIN event ON event.aggregate_id = d.id;
    INSERT INTO gone VALUES ('event', row_count());
    DELETE event_sequence FROM batch AS d STRAIGHT_JOIN event_sequence ON event_sequence.aggregate_id = d.id;
    INSERT INTO gone VALUES ('event_sequence', row_count());
    DELETE session FROM batch AS d STRAIGHT_JOIN session ON session.id = d.id;
    INSERT INTO gone VALUES ('session', row_count());
    COMMIT;
    SET b = b + 1;
  END WHILE;
END //
DELIMITER ;

CALL sweep();

DROP PROCEDURE sweep;

SELECT 'gone', name, sum(n) FROM gone GROUP BY 2 HAVING sum(n) > 0;

SELECT DISTINCT 'spared', root FROM spared;

OPTIMIZE TABLE part, message, todo, session_share, session_message, session_input, session_context_epoch, event,
               event_sequence, session;
