INSERT INTO #lc_pin (
  id
)
VALUES
  ('ses_e08bc50f1ffeEjVqoN0steH3Gl');
