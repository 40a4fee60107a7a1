-- A slice of the event log, oldest first. The client reads none of it; event_sequence, which it does read, stays.
DELETE FROM event
WHERE aggregate_id IN (SELECT d.id FROM lc_doomed AS d)
  AND seq <= (SELECT MAX(b.through) FROM lc_batch AS b);
