INSERT INTO lc_restored (
  id,
  moment
)
VALUES
  ('ses_e08bc50f1ffeEjVqoN0steH3Gl', 1800000000000);
