INSERT INTO lc_slice (
  batch,
  number,
  through
)
VALUES
  (1, 1, 5000);
