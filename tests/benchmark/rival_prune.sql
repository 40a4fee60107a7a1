-- The deletions of `prune --days=30 --vacuum`, as fast as SQL written for this one schema can do them, and no less
-- safe: one transaction, foreign keys on, nothing that a crash would turn into a damaged store.
--
-- `-- figure: NAME` names the rows that the statement below it touched or found; `:cutoff` is bound.
--
-- Tried on 1 GB, 1,152 of 1,469 sessions removed, 165 MB left (SQLite 3.51, 64 MB of cache; best of seven runs in
-- turn, seconds on the clock and of processor; the machine was busy, so 5 % mean nothing):
--   as below                                                       1.26  1.03  kept
--   checkpoints during the run (wal_autocheckpoint = 1000)         1.44  1.06
--   parts by their own session_id                                  1.24  1.04  wrong where it differs
--   events first                                                   1.29  1.06
--   only messages, sessions and logs, the rest by cascade          1.29  1.06
--   only sessions and event_sequence, the rest by cascade          1.37  1.10
--   big tables in the order of the file (no index)                 1.43  1.11
--   rowids sorted into a table first                               1.45  1.12
--   correlated EXISTS in place of IN                               1.38  1.11
--   a transaction per statement                                    1.38  1.08
--   locking_mode = EXCLUSIVE                                       1.42  1.07
--   foreign keys off                                               1.34  1.05
--   mmap                                                           1.30  0.97  1.2 GB of memory: the file is mapped
--   cache of 2 MB, of 200 MB                                       1.18  0.94, 1.28  1.08  the cache is the product's
--   Python's own SQLite 3.40                                       1.49  1.20  149 MB of memory, where 3.51 takes 260
-- A copy beside the store and a rename would be faster than VACUUM; the product never swaps the file, nor does this.
-- Memory: pysqlite3-binary is built with TEMP_STORE=3, so VACUUM holds the whole new file in memory.

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
