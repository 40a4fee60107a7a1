-- All but the newest of each part, message and session.
INSERT INTO #lc_superseded (
  number,
  log,
  id,
  bytes
)
SELECT
  0 + ROW_NUMBER() OVER (ORDER BY o.log, o.seq),
  o.log,
  o.id,
  o.bytes
FROM (
  SELECT
    n.log AS log,
    n.seq AS seq,
    n.id AS id,
    n.bytes AS bytes,
    MAX(n.seq) OVER (PARTITION BY n.log, n.type, n.entity) AS newest
  FROM #lc_note AS n
  WHERE
    n.entity <> ''
) AS o
WHERE
  o.seq < o.newest AND NOT o.id IS NULL;
