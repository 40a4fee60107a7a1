INSERT INTO lc_kept (
  id
)
VALUES
  ('ses_e08bc50f1ffeEjVqoN0steH3Gl');
