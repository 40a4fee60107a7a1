-- Events that are not there, of sessions that are, and that no log will come to again: one that began anew writes its
-- own.
INSERT INTO event (
  "id",
  "message_id",
  "data"
)
SELECT
  n."id",
  n."message_id",
  n."data"
FROM "lc_in_part" AS n
WHERE
  NOT EXISTS(
    SELECT
      1
    FROM event AS t
    WHERE
      t.id = n.id
  )
  AND NOT EXISTS(
    SELECT
      1
    FROM event AS u
    WHERE
      u.aggregate_id = n.aggregate_id AND u.seq = n.seq
  )
  AND NOT EXISTS(
    SELECT
      1
    FROM event_sequence AS q
    WHERE
      q.aggregate_id = n.aggregate_id AND q.seq < n.seq
  )
  AND (
    EXISTS(
      SELECT
        1
      FROM session AS session_kept
      WHERE
        session_kept.id = n.aggregate_id
    )
  );
