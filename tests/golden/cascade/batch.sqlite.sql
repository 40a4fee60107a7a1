INSERT INTO lc_batch (
  number,
  slice,
  through
)
VALUES
  (1, 0, 5000);
