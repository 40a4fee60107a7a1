-- Events of a stretch of the log that say they repeat something, and do not say what.
INSERT INTO lc_broken (
  name,
  id
)
SELECT
  'event',
  n.id
FROM lc_note AS n
JOIN event AS e
  ON e.id = n.id
WHERE
  n.entity = '' AND JSON_VALID(e.data) = 0;
