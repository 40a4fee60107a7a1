INSERT INTO lifecycle_schema (
  version,
  moment
)
VALUES
  ('0.1.0', 1800000000000);
