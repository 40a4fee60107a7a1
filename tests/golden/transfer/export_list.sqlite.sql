-- The messages of the session at hand, in the order in which the client shows them.
INSERT INTO lc_message_queue (
  place,
  id
)
SELECT
  ROW_NUMBER() OVER (ORDER BY m.time_created, m.id),
  m.id
FROM message AS m
WHERE
  m.session_id = (
    SELECT
      c.id
    FROM lc_current AS c
  ) AND NOT m.id IS NULL;
