-- A session that is to go, and the topmost of those that go with it.
INSERT INTO lc_unit (
  id,
  root_id,
  reason
)
VALUES
  ('ses_e08bc50f1ffeEjVqoN0steH3Gl', 'ses_e08bc50f1ffeEjVqoN0steH3Gl', 'undo');
