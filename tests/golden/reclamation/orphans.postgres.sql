-- event rows of the batch, unless their session is there again.
DELETE FROM event
WHERE
  id IN (
    SELECT
      c.id
    FROM lc_ownerless AS c
  )
  AND NOT EXISTS(
    SELECT
      1
    FROM session AS session_kept
    WHERE
      session_kept.id = event.aggregate_id
  )
  AND NOT EXISTS(
    SELECT
      1
    FROM event_sequence AS log
    WHERE
      log.aggregate_id = event.aggregate_id AND NOT log.owner_id IS NULL
  );
