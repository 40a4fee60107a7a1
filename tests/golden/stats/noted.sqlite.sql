-- What one part of the log comes to: by type,
INSERT INTO lc_type (
  type,
  tally,
  bytes
)
SELECT
  n.type,
  COUNT(*),
  SUM(n.bytes)
FROM lc_note AS n
GROUP BY
  n.type;

-- and all but the newest event of each part, message and session.
INSERT INTO lc_repeated (
  tally,
  bytes
)
SELECT
  COUNT(*),
  COALESCE(SUM(o.bytes), 0)
FROM (
  SELECT
    n.bytes,
    n.seq,
    MAX(n.seq) OVER (PARTITION BY n.log, n.type, n.entity) AS newest
  FROM lc_note AS n
  WHERE
    n.entity <> '' AND n.owned = 0 AND n.kept = 1
) AS o
WHERE
  o.seq < o.newest;
