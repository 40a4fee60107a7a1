-- The rival of `stats --deep --json` on MariaDB, by hand, with @now in milliseconds: the same figures, each big column
-- read once, of its rows nothing but numbers and ids kept, and JSON parsed only where the head of the text does not
-- tell. Each line that it prints is a figure, its words parted by tabs.
SET NAMES utf8mb4 COLLATE utf8mb4_nopad_bin;

SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED;

-- A part belongs to its message, and to the session it names only without one.
CREATE TEMPORARY TABLE used (id varchar(191), name varchar(64), n bigint, bytes bigint, newest bigint);

INSERT INTO used
SELECT m.session_id, 'part', count(*), sum(octet_length(p.data)), NULL
FROM message AS m JOIN part AS p ON p.message_id = m.id GROUP BY 1
UNION ALL
SELECT p.session_id, 'part', count(*), sum(octet_length(p.data)), NULL
FROM part AS p WHERE NOT EXISTS (SELECT 1 FROM message AS m WHERE m.id = p.message_id) GROUP BY 1
UNION ALL
SELECT session_id, 'message', count(*), sum(octet_length(data)), max(time_updated) FROM message GROUP BY 1
UNION ALL
SELECT session_id, 'todo', count(*), 0, NULL FROM todo GROUP BY 1
UNION ALL
SELECT session_id, 'session_share', count(*), 0, NULL FROM session_share GROUP BY 1
UNION ALL
SELECT session_id, 'session_message', count(*), sum(octet_length(data)), max(time_updated) FROM session_message GROUP BY 1
UNION ALL
SELECT session_id, 'session_input', count(*), 0, NULL FROM session_input GROUP BY 1
UNION ALL
SELECT session_id, 'session_context_epoch', count(*), 0, NULL FROM session_context_epoch GROUP BY 1
UNION ALL
SELECT aggregate_id, 'event', count(*), sum(octet_length(data)), NULL FROM event GROUP BY 1
UNION ALL
SELECT aggregate_id, 'event_sequence', count(*), 0, NULL FROM event_sequence GROUP BY 1
UNION ALL
SELECT id, 'session', 1, coalesce(octet_length(summary_diffs), 0) + coalesce(octet_length(metadata), 0)
       + coalesce(octet_length(revert), 0) + coalesce(octet_length(permission), 0) + coalesce(octet_length(model), 0),
       time_updated
FROM session;

CREATE TEMPORARY TABLE summed (PRIMARY KEY (id)) AS
SELECT id, sum(bytes) AS bytes, max(newest) AS active FROM used GROUP BY id;

CREATE TEMPORARY TABLE tree (PRIMARY KEY (id)) AS
WITH RECURSIVE down AS (
  SELECT s.id, s.id AS root FROM session AS s
  WHERE NOT EXISTS (SELECT 1 FROM session AS p WHERE p.id = s.parent_id)
  UNION
  SELECT s.id, d.root FROM session AS s JOIN down AS d ON s.parent_id = d.id
)
SELECT d.id, d.root, s.parent_id, s.title, s.time_archived, u.bytes, u.active,
       s.share_url IS NOT NULL OR EXISTS (SELECT 1 FROM session_share AS x WHERE x.session_id = s.id) AS shared
FROM down AS d
JOIN session AS s ON s.id = d.id
JOIN summed AS u ON u.id = d.id;

-- What has no owner any more: parts without a message, and those of messages without a session.
CREATE TEMPORARY TABLE stray AS
SELECT p.id, octet_length(p.data) AS bytes FROM part AS p
WHERE NOT EXISTS (SELECT 1 FROM message AS m WHERE m.id = p.message_id)
UNION ALL
SELECT p.id, octet_length(p.data)
FROM message AS m JOIN part AS p ON p.message_id = m.id
WHERE m.session_id IN (SELECT id FROM used AS u WHERE NOT EXISTS (SELECT 1 FROM tree AS t WHERE t.id = u.id));

CREATE TEMPORARY TABLE piece (kind varchar(64), bytes bigint, id varchar(191), compacted bigint);

INSERT INTO piece
SELECT CASE WHEN data LIKE '{"type":"%' THEN substring_index(substr(data, 10, 50), '"', 1)
         WHEN json_valid(data) THEN json_value(data, '$.type') ELSE 'invalid json' END,
       octet_length(data), CASE WHEN data LIKE '%"compacted"%' THEN id END,
       CASE WHEN data LIKE '{"type":"tool"%' AND data LIKE '%"compacted"%' AND json_valid(data) THEN
         CASE WHEN json_value(data, '$.state.status') = 'completed'
                AND length(json_value(data, '$.state.time.compacted')) >= 13
                AND json_value(data, '$.state.output') <> '[Old tool result content cleared]'
           THEN octet_length(data) - octet_length(json_remove(json_set(json_replace(data,
             '$.state.metadata', json_merge_patch('{}', json_object(
               'sessionId', json_extract(data, '$.state.metadata.sessionId'),
               'parentSessionId', json_extract(data, '$.state.metadata.parentSessionId')))),
             '$.state.output', '[Old tool result content cleared]'), '$.state.attachments'))
         END
       END
FROM part;

CREATE TEMPORARY TABLE note (aggregate_id varchar(191), type varchar(128), seq bigint, bytes bigint, entity varchar(191));

INSERT INTO note
SELECT aggregate_id, type, seq, octet_length(data),
       CASE
         WHEN data LIKE '{"sessionID":"______________________________","part":{"id":"%' THEN substr(data, 61, 30)
         WHEN NOT json_valid(data) THEN NULL
         WHEN type LIKE 'message.part.updated.%' THEN json_value(data, '$.part.id')
         ELSE json_value(data, '$.info.id')
       END
FROM event;

SELECT 'sessions', count(*), count(*) - count(t.parent_id), count(t.parent_id), count(t.time_archived),
       sum(t.shared), count(t.parent_id) - count(p.id)
FROM tree AS t LEFT JOIN tree AS p ON p.id = t.parent_id;

SELECT 'rows', name, sum(n), sum(bytes) FROM used GROUP BY 2 ORDER BY 2;

SELECT 'parts', kind, count(*), sum(bytes) FROM piece GROUP BY 2;

SELECT 'events', type, count(*), sum(bytes) FROM note GROUP BY 2;

SELECT 'reclaimable', 'compacted', count(*), coalesce(sum(compacted), 0) FROM piece AS p
WHERE compacted > 0 AND NOT EXISTS (SELECT 1 FROM stray AS s WHERE s.id = p.id);

SELECT 'reclaimable', 'diffs', count(*), coalesce(sum(octet_length(data)
       - octet_length(json_set(data, '$.summary.diffs', json_array()))), 0)
FROM (SELECT m.data FROM message AS m JOIN tree AS t ON t.id = m.session_id
      WHERE t.active < @now - 7 * 86400000 AND m.data LIKE '%"diffs"%' AND json_valid(m.data)) AS m
WHERE json_length(data, '$.summary.diffs') > 0;

SELECT 'reclaimable', 'events', count(*), coalesce(sum(bytes), 0)
FROM (SELECT n.bytes, n.seq, max(n.seq) OVER (PARTITION BY n.aggregate_id, n.type, n.entity) AS newest
      FROM note AS n JOIN tree AS t ON t.id = n.aggregate_id
      WHERE n.entity IS NOT NULL) AS x
WHERE seq < newest;

SELECT 'reclaimable', 'orphans', sum(n), coalesce(sum(bytes), 0)
FROM (
  SELECT count(*) AS n, sum(bytes) AS bytes FROM stray
  UNION ALL
  SELECT coalesce(sum(n), 0), sum(bytes) FROM used AS u
  WHERE name <> 'part' AND NOT EXISTS (SELECT 1 FROM tree AS t WHERE t.id = u.id)
) AS x;

SELECT 'largest', root, count(*), sum(bytes), max(active) FROM tree GROUP BY 2 ORDER BY 4 DESC, 2 LIMIT 10;

SELECT 'ages', CASE WHEN @now - active <= 7 * 86400000 THEN 0 WHEN @now - active <= 30 * 86400000 THEN 1
         WHEN @now - active <= 90 * 86400000 THEN 2 WHEN @now - active <= 365 * 86400000 THEN 3 ELSE 4 END,
       count(*), sum(bytes)
FROM tree GROUP BY 2;
