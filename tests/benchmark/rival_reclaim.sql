-- The work of `reclaim --only=events,compacted`, as fast as SQL written for this one schema can do it, in one
-- transaction; nothing is asked before, counted after, or written to an export.
--
-- `-- figure: NAME` names the rows that the statement below it touched or found.

-- Superseded events by rowid: all but the newest of each part, message and session of sessions that are there. The
-- entity is cut from the head of the text, which is exact (see rival_stats.sql).
CREATE TEMP TABLE superseded (id INTEGER PRIMARY KEY);

INSERT INTO superseded
SELECT id
FROM (
  SELECT id, row_number() OVER (PARTITION BY aggregate_id, type, entity ORDER BY seq DESC) AS place
  FROM (
    SELECT
      rowid AS id, aggregate_id, type, seq,
      CASE WHEN substr(data, 1, length(aggregate_id) + 30) IN (
          '{"sessionID":"' || aggregate_id || '","part":{"id":"',
          '{"sessionID":"' || aggregate_id || '","info":{"id":"'
        )
        THEN substr(data, length(aggregate_id) + 31, instr(substr(data, length(aggregate_id) + 31, 80), '"') - 1)
        ELSE coalesce(data ->> '$.part.id', data ->> '$.info.id')
      END AS entity
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
  AND data ->> '$.state.time.compacted' IS NOT NULL
  AND data ->> '$.state.output' <> '[Old tool result content cleared]';

COMMIT;
