-- The logs of sessions that are there and that no other machine owns, numbered, and how long each is.
INSERT INTO lc_log (
  id,
  number,
  tally,
  owned,
  kept
)
SELECT
  u.id,
  ROW_NUMBER() OVER (ORDER BY u.id),
  u.tally,
  0,
  1
FROM (
  SELECT
    e.aggregate_id AS id,
    COUNT(*) AS tally
  FROM event AS e
  GROUP BY
    e.aggregate_id
) AS u
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
