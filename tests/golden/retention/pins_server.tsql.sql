-- Pins of a server store, from the table of ours.
SELECT
  p.session,
  p.since
FROM lifecycle_pin AS p
ORDER BY
  p.since,
  p.session;
