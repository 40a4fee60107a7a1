-- What a stretch of the log comes to,
INSERT INTO lc_repeated (
  tally,
  bytes
)
SELECT
  COUNT(*),
  COALESCE(SUM(s.bytes), 0)
FROM lc_superseded AS s;

-- and its events that say they repeat something, and do not say what.
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
  n.entity = ''
  AND JSON_VALID(
    CASE
      WHEN JSON_VALID(e.data) = 1
      THEN e.data
      ELSE REGEXP_REPLACE(e.data, '(?<!\\\\)((?:\\\\\\\\)*)\\\\u[dD][89a-fA-F][0-9a-fA-F]{2}', '\\\\1?')
    END
  ) = 0;
