-- One round of the climb doubles the distance: a chain of a million needs twenty, and no cycle keeps it going.
-- What the sessions so far below an ancestor know: the newest value among them.
DELETE FROM #lc_reach;

INSERT INTO #lc_reach (
  id,
  fresh
)
SELECT
  c.up,
  MAX(c.fresh)
FROM #lc_climb AS c
WHERE
  NOT c.up IS NULL
GROUP BY
  c.up;

-- A copy to look ancestors up in.
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

-- From the ancestor reached so far to the one that it has reached itself.
DELETE FROM #lc_step;

INSERT INTO #lc_step (
  id,
  up,
  [top],
  low
)
SELECT
  c.id,
  a.up,
  a.[top],
  CASE WHEN a.low < c.low THEN a.low ELSE c.low END
FROM #lc_climb AS c
JOIN #lc_hop AS a
  ON a.id = c.up;

UPDATE #lc_climb SET fresh = r.fresh
FROM #lc_reach AS r
WHERE
  r.id = #lc_climb.id AND r.fresh > #lc_climb.fresh;

UPDATE #lc_climb SET up = n.up, [top] = n.[top], low = n.low
FROM #lc_step AS n
WHERE
  n.id = #lc_climb.id;
