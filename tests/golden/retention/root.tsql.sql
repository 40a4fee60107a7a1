-- A session that is still climbing is on a cycle or below one: its root is the smallest id of the cycle, which every
-- session on it has met by now.
DELETE FROM #lc_hop;

INSERT INTO #lc_hop (
  id,
  up,
  [top],
  low
)
SELECT
  c.id,
  c.up,
  c.[top],
  c.low
FROM #lc_climb AS c;

INSERT INTO #lc_root (
  id,
  root_id
)
SELECT
  c.id,
  CASE WHEN c.up IS NULL THEN c.[top] ELSE a.low END
FROM #lc_climb AS c
LEFT JOIN #lc_hop AS a
  ON a.id = c.up;
