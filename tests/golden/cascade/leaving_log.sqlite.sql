-- Events of the batch's sessions that may go.
SELECT
  COUNT(*) AS tally
FROM lc_doomed AS d
CROSS JOIN event AS e
WHERE
  e.aggregate_id = d.id;
