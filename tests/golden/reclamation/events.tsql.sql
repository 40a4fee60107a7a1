-- Events of the batch, unless another machine has taken over their session. The client never changes an event.
DELETE FROM event
WHERE
  id IN (
    SELECT
      s.id
    FROM #lc_superseded AS s
    WHERE
      s.number BETWEEN 1 AND 4000
  )
  AND NOT EXISTS(
    SELECT
      1
    FROM event_sequence AS log
    WHERE
      log.aggregate_id = event.aggregate_id AND NOT log.owner_id IS NULL
  );
