-- One session, named by its id.
INSERT INTO lc_unit (
  id,
  root_id,
  reason
)
VALUES
  ('ses_e08bc50f1ffeEjVqoN0steH3Gl', 'ses_e08bc50f1ffeEjVqoN0steH3Gl', 'chosen');
