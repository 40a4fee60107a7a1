INSERT INTO lc_wish (
  kind,
  pattern,
  size
)
VALUES
  ('title', 'release%', 8);
