-- On to the next session of the queue,
UPDATE lc_place SET session = session + 1, message = 0
WHERE
  session >= 0;

DELETE FROM lc_current;

INSERT INTO lc_current (
  id
)
SELECT
  q.id
FROM lc_queue AS q
JOIN lc_place AS p
  ON p.session = q.place;

-- and to its messages, in the order in which the client shows them.
DELETE FROM lc_letters;

INSERT INTO lc_letters (
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
