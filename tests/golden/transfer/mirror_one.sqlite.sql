INSERT INTO lc_copy (
  id,
  newest
)
VALUES
  ('ses_e08bc50f1ffeEjVqoN0steH3Gl', 1796544000000);
