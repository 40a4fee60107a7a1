-- event rows of the batch, unless their session is there again.
DELETE   event FROM event
  JOIN (
    SELECT DISTINCT
      c.id AS doomed_key
    FROM lc_ownerless AS c
  ) AS doomed_keys
    ON doomed_keys.doomed_key = event.id
WHERE
  NOT EXISTS(
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
