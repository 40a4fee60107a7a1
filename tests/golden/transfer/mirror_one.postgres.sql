INSERT INTO lc_copy (
  id
)
VALUES
  ('ses_e08bc50f1ffeEjVqoN0steH3Gl');
