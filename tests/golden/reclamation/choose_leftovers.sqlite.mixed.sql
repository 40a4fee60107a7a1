-- The sessions of a batch that are still what the forecast saw, and the export holds, in both layouts.
DELETE FROM lc_leftover_batch;

INSERT INTO lc_leftover_batch (
  id,
  tally,
  bytes
)
SELECT
  t.id,
  t.tally,
  t.bytes
FROM lc_leftover AS t
CROSS JOIN kv AS k
WHERE
  t.number BETWEEN 1 AND 4000
  AND k.key = 'migration.v1-v2'
  AND CASE
    WHEN JSON_VALID(k.value) = 1
    THEN CASE WHEN JSON_EXTRACT(k.value, '$.phase') = 'completed' THEN 1 ELSE 0 END
    ELSE 0
  END = 1
  AND t.gone = CASE WHEN EXISTS(
    SELECT
      1
    FROM session_v2 AS v
    WHERE
      v.id = t.id
  ) THEN 0 ELSE 1 END
  AND t.tally = COALESCE(
    (
      SELECT
        COUNT(*)
      FROM message AS own
      JOIN part AS held
        ON held.message_id = own.id
      WHERE
        own.session_id = t.id
    ),
    0
  ) + COALESCE((
    SELECT
      COUNT(*)
    FROM message AS held
    WHERE
      held.session_id = t.id
  ), 0) + COALESCE((
    SELECT
      COUNT(*)
    FROM todo AS held
    WHERE
      held.session_id = t.id
  ), 0) + COALESCE((
    SELECT
      COUNT(*)
    FROM session AS held
    WHERE
      held.id = t.id
  ), 0)
  AND t.bytes = COALESCE(
    (
      SELECT
        SUM(COALESCE(LENGTH(CAST(held.data AS BLOB)), 0))
      FROM message AS own
      JOIN part AS held
        ON held.message_id = own.id
      WHERE
        own.session_id = t.id
    ),
    0
  ) + COALESCE(
    (
      SELECT
        SUM(COALESCE(LENGTH(CAST(held.data AS BLOB)), 0))
      FROM message AS held
      WHERE
        held.session_id = t.id
    ),
    0
  ) + COALESCE((
    SELECT
      SUM(0)
    FROM todo AS held
    WHERE
      held.session_id = t.id
  ), 0) + COALESCE(
    (
      SELECT
        SUM(
          COALESCE(LENGTH(CAST(held.summary_diffs AS BLOB)), 0) + COALESCE(LENGTH(CAST(held.metadata AS BLOB)), 0) + COALESCE(LENGTH(CAST(held.revert AS BLOB)), 0) + COALESCE(LENGTH(CAST(held.permission AS BLOB)), 0) + COALESCE(LENGTH(CAST(held.model AS BLOB)), 0)
        )
      FROM session AS held
      WHERE
        held.id = t.id
    ),
    0
  )
  AND t.written = COALESCE(
    (
      SELECT
        SUM(held.time_updated)
      FROM message AS own
      JOIN part AS held
        ON held.message_id = own.id
      WHERE
        own.session_id = t.id
    ),
    0
  ) + COALESCE((
    SELECT
      SUM(held.time_updated)
    FROM message AS held
    WHERE
      held.session_id = t.id
  ), 0) + COALESCE((
    SELECT
      SUM(held.time_updated)
    FROM todo AS held
    WHERE
      held.session_id = t.id
  ), 0) + COALESCE((
    SELECT
      SUM(held.time_updated)
    FROM session AS held
    WHERE
      held.id = t.id
  ), 0);
