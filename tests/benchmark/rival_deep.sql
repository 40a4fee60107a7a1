-- The figures of `stats --deep --json`, as fast as SQL written for this one schema can get them: one pass over each big
-- table, nothing of a row but numbers and ids in a temporary table, and the figures from there.
--
-- `-- figure: NAME` names the result of the statement below it; `:now` is bound.
--
-- Tried on 1 GB (49,062 parts, 100,289 events; processor seconds of the step, warm; SQLite 3.51, 64 MB of cache):
--   events  GROUP BY type, straight                          0.40, and 500 MB of memory: the sorter drags `data` along
--           entity by ->>, window functions                  0.48
--           entity by ->>, GROUP BY with max(seq)            0.36
--           the same, read in the order of the type index    0.36
--           the same, into a table first, grouped then       0.34
--           entity cut from the head of the text             0.19  kept
--   parts   everything by ->> (the parse is cached per row)  0.36
--           kind from the head, the rest by ->>              0.37
--           kind from the head, LIKE before ->>              0.30  kept
--           the same with GLOB                               0.31
--   messages ->> of all 0.026, LIKE first 0.024: no difference, kept simple
--   octet_length() reads the header of a row only: 0.03 for both tables. LENGTH(CAST(... AS BLOB)) reads the row: 0.22.
-- Cutting from the head is exact: the head must match to the letter, and of a key that comes twice JSON functions
-- take the first. Where it does not match, the JSON is parsed.

-- One row per session: where its tree ends. Children of missing parents head a tree. (No cycles in a store of ours.)
CREATE TEMP TABLE tree AS
WITH RECURSIVE climb (id, root) AS (
  SELECT s.id, s.id FROM session AS s LEFT JOIN session AS p ON p.id = s.parent_id WHERE p.id IS NULL
  UNION ALL
  SELECT s.id, c.root FROM climb AS c JOIN session AS s ON s.parent_id = c.id
)
SELECT id, root FROM climb;

CREATE TEMP TABLE msg (id TEXT PRIMARY KEY, session_id, time_updated, bytes, diffs) WITHOUT ROWID;

INSERT INTO msg
SELECT id, session_id, time_updated, octet_length(data), octet_length(data -> '$.summary.diffs') - 2
FROM message;

-- LIMIT -1 keeps the inner query one of its own: without it, `data` goes through the sorter of whatever groups it.
CREATE TEMP TABLE piece AS
SELECT
  message_id, session_id, kind, octet_length(data) AS bytes,
  CASE WHEN kind = 'tool' AND data LIKE '%"compacted"%' AND data ->> '$.state.time.compacted' IS NOT NULL
    -- The links to other sessions are all that stays of the metadata.
    THEN octet_length(data) - octet_length(json_set(
      json_remove(data, '$.state.attachments'),
      '$.state.output', '[Old tool result content cleared]',
      '$.state.metadata', json(json_patch('{}', json_object(
        'sessionId', data -> '$.state.metadata.sessionId',
        'parentSessionId', data -> '$.state.metadata.parentSessionId')))))
  END AS freed,
  CASE
    WHEN kind = 'file' THEN octet_length(data ->> '$.url')
    WHEN kind = 'tool' AND data LIKE '%"attachments"%' THEN octet_length(data -> '$.state.attachments')
  END AS attached
FROM (
  SELECT
    message_id, session_id, data,
    CASE WHEN substr(data, 1, 9) = '{"type":"' THEN substr(data, 10, instr(substr(data, 10, 40), '"') - 1)
      ELSE data ->> '$.type' END AS kind
  FROM part
);

-- The newest event per entity is the row that max(seq) picks `bytes` from.
CREATE TEMP TABLE entity AS
SELECT aggregate_id, type, count(*) AS n, sum(bytes) AS total, bytes AS newest, max(seq) AS seq
FROM (
  SELECT
    aggregate_id, type, seq, octet_length(data) AS bytes,
    CASE WHEN substr(data, 1, length(aggregate_id) + 30) IN (
        '{"sessionID":"' || aggregate_id || '","part":{"id":"', '{"sessionID":"' || aggregate_id || '","info":{"id":"'
      )
      THEN substr(data, length(aggregate_id) + 31, instr(substr(data, length(aggregate_id) + 31, 80), '"') - 1)
      ELSE coalesce(data ->> '$.part.id', data ->> '$.info.id', aggregate_id)
    END AS entity
  FROM event
  LIMIT -1
)
GROUP BY aggregate_id, type, entity;

-- A part belongs to its message, by its own session_id only where that message does not exist.
CREATE TEMP TABLE weight (id TEXT PRIMARY KEY, bytes INTEGER, active INTEGER) WITHOUT ROWID;

INSERT INTO weight
SELECT id, sum(bytes), max(active)
FROM (
  SELECT id, 0 + coalesce(octet_length(summary_diffs), 0) + coalesce(octet_length(metadata), 0)
    + coalesce(octet_length(revert), 0) + coalesce(octet_length(permission), 0) + coalesce(octet_length(model), 0)
    AS bytes, time_updated AS active FROM session
  UNION ALL SELECT session_id, bytes, time_updated FROM msg
  UNION ALL SELECT coalesce(m.session_id, p.session_id), p.bytes, 0
    FROM piece AS p LEFT JOIN msg AS m ON m.id = p.message_id
  UNION ALL SELECT session_id, octet_length(data), 0 FROM session_message
  UNION ALL SELECT aggregate_id, total, 0 FROM entity
)
GROUP BY id;

-- Diffs are of use for a while: those of sessions idle for a week count as reclaimable.
CREATE TEMP TABLE idle (id TEXT PRIMARY KEY) WITHOUT ROWID;

INSERT INTO idle
SELECT w.id FROM weight AS w JOIN tree AS t ON t.id = w.id WHERE w.active < :now - 7 * 86400000;

-- figure: rows
SELECT
  (SELECT count(*) FROM session) AS session, (SELECT count(*) FROM msg) AS message,
  (SELECT count(*) FROM piece) AS part, (SELECT sum(n) FROM entity) AS event,
  (SELECT count(*) FROM event_sequence) AS event_sequence, (SELECT count(*) FROM todo) AS todo,
  (SELECT count(*) FROM session_share) AS session_share, (SELECT count(*) FROM session_message) AS session_message,
  (SELECT count(*) FROM session_input) AS session_input,
  (SELECT count(*) FROM session_context_epoch) AS session_context_epoch,
  (SELECT count(*) FROM project) AS project;

-- figure: bytes
SELECT
  (SELECT sum(bytes) FROM msg) AS message, (SELECT sum(bytes) FROM piece) AS part,
  (SELECT sum(total) FROM entity) AS event,
  (SELECT coalesce(sum(octet_length(data)), 0) FROM session_message) AS session_message,
  (SELECT sum(coalesce(octet_length(summary_diffs), 0) + coalesce(octet_length(metadata), 0)
    + coalesce(octet_length(revert), 0) + coalesce(octet_length(permission), 0)
    + coalesce(octet_length(model), 0)) FROM session) AS session;

-- figure: sessions
SELECT
  count(*) AS total, sum(s.parent_id IS NULL) AS root, sum(s.parent_id IS NOT NULL) AS child,
  sum(s.time_archived IS NOT NULL) AS archived, sum(s.share_url IS NOT NULL OR x.session_id IS NOT NULL) AS shared,
  sum(s.parent_id IS NOT NULL AND p.id IS NULL) AS orphan
FROM session AS s
LEFT JOIN session AS p ON p.id = s.parent_id
LEFT JOIN session_share AS x ON x.session_id = s.id;

-- figure: parts
SELECT kind, count(*) AS n, sum(bytes) AS bytes FROM piece GROUP BY kind ORDER BY 3 DESC;

-- figure: events
SELECT type, sum(n) AS n, sum(total) AS bytes FROM entity GROUP BY type ORDER BY 3 DESC;

-- figure: largest
SELECT t.root AS id, s.title, count(*) AS sessions, sum(w.bytes) AS bytes, max(w.active) AS last_active
FROM tree AS t JOIN weight AS w ON w.id = t.id JOIN session AS s ON s.id = t.root
GROUP BY t.root ORDER BY sum(w.bytes) DESC, t.root LIMIT 10;

-- figure: ages
SELECT
  CASE WHEN active >= :now - 7 * 86400000 THEN '0-7 days' WHEN active >= :now - 30 * 86400000 THEN '8-30 days'
    WHEN active >= :now - 90 * 86400000 THEN '31-90 days'
    WHEN active >= :now - 365 * 86400000 THEN '91-365 days' ELSE 'older' END AS label,
  count(*) AS sessions, sum(bytes) AS bytes
FROM weight WHERE id IN (SELECT id FROM tree)
GROUP BY 1 ORDER BY max(active) DESC;

-- figure: reclaimable
SELECT 'events' AS kind, sum(n) - count(*) AS n, sum(total) - sum(newest) AS bytes
FROM entity WHERE aggregate_id IN (SELECT id FROM session)
UNION ALL
-- What has no owner goes whole, and is told below.
SELECT 'compacted', count(*), sum(p.freed) FROM piece AS p JOIN msg AS m ON m.id = p.message_id
WHERE p.freed > 0 AND m.session_id IN (SELECT id FROM session)
UNION ALL
SELECT 'diffs', sum(n), sum(bytes) FROM (
  SELECT count(*) AS n, sum(diffs) AS bytes FROM msg WHERE diffs > 0 AND session_id IN (SELECT id FROM idle)
  UNION ALL
  SELECT count(*), sum(coalesce(octet_length(summary_diffs), 0) + coalesce(octet_length(revert -> '$.diff'), 0))
  FROM session
  WHERE (summary_diffs IS NOT NULL OR revert -> '$.diff' IS NOT NULL) AND id IN (SELECT id FROM idle)
)
UNION ALL
SELECT 'attachments', count(*), sum(attached) FROM piece WHERE attached > 0
UNION ALL
SELECT 'reasoning', count(*), sum(bytes) FROM piece WHERE kind = 'reasoning'
UNION ALL
SELECT 'orphans', sum(n), sum(bytes) FROM (
  SELECT count(*) AS n, sum(p.bytes) AS bytes FROM piece AS p LEFT JOIN msg AS m ON m.id = p.message_id
  WHERE m.id IS NULL OR m.session_id NOT IN (SELECT id FROM session)
  UNION ALL SELECT count(*), sum(bytes) FROM msg WHERE session_id NOT IN (SELECT id FROM session)
  UNION ALL SELECT sum(n), sum(total) FROM entity WHERE aggregate_id NOT IN (SELECT id FROM session)
  UNION ALL SELECT count(*), 0 FROM event_sequence WHERE aggregate_id NOT IN (SELECT id FROM session)
  UNION ALL SELECT count(*), 0 FROM todo WHERE session_id NOT IN (SELECT id FROM session)
  UNION ALL SELECT count(*), 0 FROM session_share WHERE session_id NOT IN (SELECT id FROM session)
);
