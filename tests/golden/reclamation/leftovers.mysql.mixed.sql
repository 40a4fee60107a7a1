-- event rows of the batch.
DELETE   event FROM event
  JOIN (
    SELECT DISTINCT
      c.id AS doomed_key
    FROM lc_leaving AS c
  ) AS doomed_keys
    ON doomed_keys.doomed_key = event.aggregate_id;
