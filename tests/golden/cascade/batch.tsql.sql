DELETE FROM #lc_batch;

INSERT INTO #lc_batch (
  number,
  slice
)
VALUES
  (1, 0);
