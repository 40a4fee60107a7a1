-- Events of the batch, unless another machine has taken over their session. The client never changes an event.
DELETE   event FROM event
  JOIN (
    SELECT DISTINCT
      s.id AS doomed_key
    FROM lc_superseded AS s
    WHERE
      s.number BETWEEN 1 AND 4000
  ) AS doomed_keys
    ON doomed_keys.doomed_key = event.id
WHERE
  NOT EXISTS(
    SELECT
      1
    FROM event_sequence AS log
    WHERE
      log.aggregate_id = event.aggregate_id AND NOT log.owner_id IS NULL
  );
