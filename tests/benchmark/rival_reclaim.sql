-- The work of `reclaim --only=events,compacted`, as fast as SQL written for this one schema can do it, in one
-- transaction; nothing is asked before, counted after, or written to an export. Rows that are not JSON stay as they
-- are and supersede nothing, as there.
--
-- `-- figure: NAME` names the rows that the statement below it touched or found.
--
-- Tried on 1 GB, 54,657 of 101,187 events and 2,233 parts (SQLite 3.51, 16 MB of cache; processor seconds of the whole
-- process, least of three runs in turn on a busy machine, so 5 % mean nothing):
--   as below                                                       1.17  kept
--   entity cut from the head of the text, as in rival_deep.sql    1.03  wrong: deletes what is not JSON, or dies on it
--   entities into a table first, the window over that              1.33
--   entities into a table first, GROUP BY with max(seq), join      1.38
--   partitions by entity first                                     1.22
--   one transaction for the events, one for the parts              1.31
--   events in transactions of 8,000                                1.34

-- Superseded events by rowid: all but the newest of each part, message and session of sessions that are there.
-- LIMIT -1 keeps the inner query one of its own: without it, `data` goes through the sorter.
CREATE TEMP TABLE superseded (id INTEGER PRIMARY KEY);

INSERT INTO superseded
SELECT id
FROM (
  SELECT id, row_number() OVER (PARTITION BY aggregate_id, type, entity ORDER BY seq DESC) AS place
  FROM (
    SELECT
      rowid AS id, aggregate_id, type, seq,
      CASE WHEN json_valid(data) THEN coalesce(data ->> '$.part.id', data ->> '$.info.id') END AS entity
    FROM event
    WHERE type IN ('message.part.updated.1', 'message.updated.1', 'session.updated.1')
      AND aggregate_id IN (SELECT s.id FROM session AS s JOIN event_sequence AS q ON q.aggregate_id = s.id
        WHERE q.owner_id IS NULL)
    LIMIT -1
  )
  WHERE entity IS NOT NULL
)
WHERE place > 1;

BEGIN IMMEDIATE;

-- figure: event
DELETE FROM event WHERE rowid IN (SELECT id FROM superseded);

-- figure: part
UPDATE part
SET data = json_remove(
  json_set(
    json_replace(data, '$.state.metadata', json(json_patch('{}', json_object(
      'sessionId', data -> '$.state.metadata.sessionId',
      'parentSessionId', data -> '$.state.metadata.parentSessionId'
    )))),
    '$.state.output', '[Old tool result content cleared]'
  ),
  '$.state.attachments'
)
WHERE substr(data, 1, 15) = '{"type":"tool",' AND data LIKE '%"compacted":%'
  AND CASE WHEN json_valid(data) THEN
    data ->> '$.state.status' = 'completed'
    AND data ->> '$.state.time.compacted' IS NOT NULL
    AND data ->> '$.state.output' <> '[Old tool result content cleared]'
  END;

COMMIT;
