-- The logs of sessions that are there and that no other machine owns, numbered, how long each is, and up to which of its
-- events it is looked at: what is logged from here on stays, and so does what is ahead of the log's own number, since
-- it could not come back in front of what the client writes next.
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
  0,
  1,
  CASE WHEN q.seq < u.through THEN q.seq ELSE u.through END
FROM (
  SELECT
    e.aggregate_id AS id,
    COUNT(*) AS tally,
    MAX(e.seq) AS through
  FROM event AS e
  GROUP BY
    e.aggregate_id
) AS u
LEFT JOIN event_sequence AS q
  ON q.aggregate_id = u.id
WHERE
  NOT EXISTS(
    SELECT
      1
    FROM event_sequence AS log
    WHERE
      log.aggregate_id = u.id AND NOT log.owner_id IS NULL
  )
  AND (
    EXISTS(
      SELECT
        1
      FROM session AS session_kept
      WHERE
        session_kept.id = u.id
    )
    OR EXISTS(
      SELECT
        1
      FROM session_v2 AS session_v2_kept
      WHERE
        session_v2_kept.id = u.id
    )
  );
