-- The figures of `stats --json`, as fast as SQL written for this one schema can get them: of each row its keys and times,
-- and from its header how long it is. No text is read.
--
-- `-- figure: NAME` names the result of the statement below it; `:now` is bound.

-- One row per session: where its tree ends. Children of missing parents head a tree. (No cycles in a store of ours.)
CREATE TEMP TABLE tree AS
WITH RECURSIVE climb (id, root) AS (
  SELECT s.id, s.id FROM session AS s LEFT JOIN session AS p ON p.id = s.parent_id WHERE p.id IS NULL
  UNION ALL
  SELECT s.id, c.root FROM climb AS c JOIN session AS s ON s.parent_id = c.id
)
SELECT id, root FROM climb;

CREATE TEMP TABLE held (name, id, n, bytes, active);

INSERT INTO held
SELECT 'session', id, 1, coalesce(octet_length(summary_diffs), 0) + coalesce(octet_length(metadata), 0)
  + coalesce(octet_length(revert), 0) + coalesce(octet_length(permission), 0) + coalesce(octet_length(model), 0), time_updated
FROM session
UNION ALL SELECT 'message', session_id, count(*), sum(octet_length(data)), max(time_updated) FROM message GROUP BY session_id
UNION ALL SELECT 'session_message', session_id, count(*), sum(octet_length(data)), max(time_updated)
  FROM session_message GROUP BY session_id
UNION ALL SELECT 'event', aggregate_id, count(*), sum(octet_length(data)), 0 FROM event GROUP BY aggregate_id
-- A part belongs to its message, by its own session_id only where that message does not exist.
UNION ALL SELECT 'part', m.session_id, count(*), sum(octet_length(p.data)), 0
  FROM message AS m JOIN part AS p ON p.message_id = m.id GROUP BY m.session_id
UNION ALL SELECT 'part', session_id, count(*), sum(octet_length(data)), 0
  FROM part WHERE NOT EXISTS (SELECT 1 FROM message AS m WHERE m.id = part.message_id) GROUP BY session_id;

CREATE TEMP TABLE weight (id TEXT PRIMARY KEY, bytes INTEGER, active INTEGER) WITHOUT ROWID;

INSERT INTO weight SELECT id, sum(bytes), max(active) FROM held GROUP BY id;

-- figure: rows
SELECT
  sum(n) FILTER (WHERE name = 'session') AS session, sum(n) FILTER (WHERE name = 'message') AS message,
  sum(n) FILTER (WHERE name = 'part') AS part, sum(n) FILTER (WHERE name = 'event') AS event,
  (SELECT count(*) FROM event_sequence) AS event_sequence, (SELECT count(*) FROM todo) AS todo,
  (SELECT count(*) FROM session_share) AS session_share, (SELECT count(*) FROM session_message) AS session_message,
  (SELECT count(*) FROM session_input) AS session_input,
  (SELECT count(*) FROM session_context_epoch) AS session_context_epoch,
  (SELECT count(*) FROM project) AS project
FROM held;

-- figure: bytes
SELECT
  sum(bytes) FILTER (WHERE name = 'session') AS session, sum(bytes) FILTER (WHERE name = 'message') AS message,
  sum(bytes) FILTER (WHERE name = 'part') AS part, sum(bytes) FILTER (WHERE name = 'event') AS event,
  coalesce(sum(bytes) FILTER (WHERE name = 'session_message'), 0) AS session_message
FROM held;

-- figure: sessions
SELECT
  count(*) AS total, sum(s.parent_id IS NULL) AS root, sum(s.parent_id IS NOT NULL) AS child,
  sum(s.time_archived IS NOT NULL) AS archived, sum(s.share_url IS NOT NULL OR x.session_id IS NOT NULL) AS shared,
  sum(s.parent_id IS NOT NULL AND p.id IS NULL) AS orphan
FROM session AS s
LEFT JOIN session AS p ON p.id = s.parent_id
LEFT JOIN session_share AS x ON x.session_id = s.id;

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
