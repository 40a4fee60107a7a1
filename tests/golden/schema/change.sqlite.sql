INSERT INTO lifecycle_change (
  number,
  moment,
  version,
  statement
)
VALUES
  (1, 1800000000000, '0.1.0', 'CREATE INDEX ...');
