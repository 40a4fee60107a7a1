-- The batch at hand, and the slice of its event log; 0: everything but the slices.
SELECT
  b.number,
  b.slice
FROM lc_batch AS b;
