-- A slice of the event log, oldest first. The client reads none of it; event_sequence, which it does read, stays.
DELETE   event FROM event
  JOIN (
    SELECT DISTINCT
      d.id AS doomed_key
    FROM lc_doomed AS d
  ) AS doomed_keys
    ON doomed_keys.doomed_key = event.aggregate_id
WHERE
  seq <= (
    SELECT
      MAX(s.through)
    FROM lc_slice AS s
    JOIN lc_batch AS b
      ON b.number = s.batch AND b.slice = s.number
  );
