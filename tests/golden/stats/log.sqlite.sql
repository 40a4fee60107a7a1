-- The sessions that have an event log, in the order in which the logs are read.
INSERT INTO lc_log (
  id,
  number,
  tally,
  owned,
  kept,
  through
)
SELECT
  u.id,
  ROW_NUMBER() OVER (ORDER BY u.id),
  u.tally,
  CASE
    WHEN NOT EXISTS(
      SELECT
        1
      FROM event_sequence AS log
      WHERE
        log.aggregate_id = u.id AND NOT log.owner_id IS NULL
    )
    THEN 0
    ELSE 1
  END,
  CASE
    WHEN EXISTS(
      SELECT
        1
      FROM session AS session_kept
      WHERE
        session_kept.id = u.id
    )
    THEN 1
    ELSE 0
  END,
  q.seq
FROM lc_usage AS u
LEFT JOIN event_sequence AS q
  ON q.aggregate_id = u.id
WHERE
  u.name = 'event' AND NOT u.id IS NULL;
