-- Something that hung on the client's tables as the plan was made; whoever made it knew.
INSERT INTO lc_foreseen (
  kind,
  name,
  place,
  through,
  said
)
VALUES
  ('title', 'event', 'part', 5000, 'ON DELETE CASCADE');
