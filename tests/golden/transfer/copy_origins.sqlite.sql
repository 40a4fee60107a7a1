-- Where each copied session came from, and since when its origin has it no more.
SELECT
  c.session_id,
  c.origin,
  c.vanished
FROM lifecycle_copy AS c
ORDER BY
  c.session_id,
  c.origin;
