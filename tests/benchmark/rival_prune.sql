-- The deletions of `prune --days=30 --vacuum`, as fast as SQL written for this one schema can do them, and no less
-- safe: one transaction, foreign keys on, nothing that a crash would turn into a damaged store.
--
-- `-- figure: NAME` names the rows that the statement below it touched or found; `:cutoff` is bound.

-- Nothing is copied from the WAL into the file until the end: most of those pages are cut off by VACUUM.
-- figure: autocheckpoint
PRAGMA wal_autocheckpoint = 0;

CREATE TEMP TABLE doomed (id TEXT PRIMARY KEY) WITHOUT ROWID;

-- Whole trees, by the newest time of any session or message in them; shared ones stay, as the product protects them.
-- Children of missing parents head a tree. (There are no cycles in a store of ours, and no other protection applies.)
INSERT INTO doomed
WITH RECURSIVE tree (id, root) AS (
  SELECT s.id, s.id FROM session AS s LEFT JOIN session AS p ON p.id = s.parent_id WHERE p.id IS NULL
  UNION ALL
  SELECT s.id, t.root FROM tree AS t JOIN session AS s ON s.parent_id = t.id
), kept (root) AS MATERIALIZED (
  SELECT t.root FROM tree AS t JOIN session AS s ON s.id = t.id
  WHERE s.time_updated >= :cutoff OR s.share_url IS NOT NULL
  UNION
  SELECT t.root FROM tree AS t JOIN session_share AS x ON x.session_id = t.id
  UNION
  SELECT t.root FROM message AS m JOIN tree AS t ON t.id = m.session_id WHERE m.time_updated >= :cutoff
)
SELECT id FROM tree WHERE root NOT IN (SELECT root FROM kept);

BEGIN IMMEDIATE;

-- figure: part
DELETE FROM part WHERE message_id IN (SELECT m.id FROM message AS m JOIN doomed AS d ON d.id = m.session_id);

-- figure: message
DELETE FROM message WHERE session_id IN (SELECT id FROM doomed);

-- figure: todo
DELETE FROM todo WHERE session_id IN (SELECT id FROM doomed);

-- figure: session_share
DELETE FROM session_share WHERE session_id IN (SELECT id FROM doomed);

-- figure: session_message
DELETE FROM session_message WHERE session_id IN (SELECT id FROM doomed);

-- figure: session_input
DELETE FROM session_input WHERE session_id IN (SELECT id FROM doomed);

-- figure: session_context_epoch
DELETE FROM session_context_epoch WHERE session_id IN (SELECT id FROM doomed);

-- figure: event
DELETE FROM event WHERE aggregate_id IN (SELECT id FROM doomed);

-- figure: event_sequence
DELETE FROM event_sequence WHERE aggregate_id IN (SELECT id FROM doomed);

-- figure: session
DELETE FROM session WHERE id IN (SELECT id FROM doomed);

COMMIT;

VACUUM;

-- figure: checkpoint
PRAGMA wal_checkpoint(TRUNCATE);
