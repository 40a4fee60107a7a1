INSERT INTO #lc_copy (
  id,
  root_id,
  newest,
  tally,
  bytes
)
VALUES
  ('ses_e08bc50f1ffeEjVqoN0steH3Gl', 'ses_e08bc50f1ffeEjVqoN0steH3Gl', 1796544000000, 51, 78134);
