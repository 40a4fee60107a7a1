-- event rows of the batch.
DELETE FROM event
WHERE
  aggregate_id IN (
    SELECT
      c.id
    FROM lc_leftover_batch AS c
  );
