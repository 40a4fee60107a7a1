-- All but the newest of each part, message and session.
INSERT INTO lc_superseded (
  number,
  id,
  bytes
)
SELECT
  ROW_NUMBER() OVER (ORDER BY o.id),
  o.id,
  o.bytes
FROM (
  SELECT
    n.id,
    n.bytes,
    ROW_NUMBER() OVER (PARTITION BY n.aggregate_id, n.type, n.entity ORDER BY n.seq DESC) AS newest_first
  FROM lc_note AS n
  WHERE
    n.entity <> '' AND n.owned = 0 AND n.kept = 1
) AS o
WHERE
  o.newest_first > 1 AND NOT o.id IS NULL;

-- Events that say they repeat something, and do not say what.
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
  AND n.kept = 1
  AND n.type LIKE '%.updated.%'
  AND JSON_VALID(
    CASE
      WHEN JSON_VALID(e.data) = 1
      THEN e.data
      ELSE REGEXP_REPLACE(e.data, '(?<!\\\\)((?:\\\\\\\\)*)\\\\u[dD][89a-fA-F][0-9a-fA-F]{2}', '\\\\1?')
    END
  ) = 0;
