-- What goes: whole trees,
INSERT INTO #lc_unit (
  id,
  root_id,
  reason
)
SELECT
  r.id,
  r.root_id,
  v.reason
FROM #lc_root AS r
JOIN #lc_verdict AS v
  ON v.root_id = r.root_id
WHERE
  v.verdict = 'remove';

-- and child subtrees, but for those that are newer than all that stays: the age of the tree is theirs, and without
-- them the next run would take the tree for older than it is.
INSERT INTO #lc_core (
  root_id,
  active
)
SELECT
  r.root_id,
  MAX(s.active)
FROM #lc_session AS s
JOIN #lc_root AS r
  ON r.id = s.id
LEFT JOIN #lc_climb AS c
  ON c.id = s.id
WHERE
  c.id IS NULL
GROUP BY
  r.root_id;

INSERT INTO #lc_crown (
  [top],
  active
)
SELECT
  c.[top],
  MAX(s.active)
FROM #lc_climb AS c
JOIN #lc_session AS s
  ON s.id = c.id
GROUP BY
  c.[top];

INSERT INTO #lc_unit (
  id,
  root_id,
  reason
)
SELECT
  c.id,
  c.[top],
  'child-age'
FROM #lc_climb AS c
JOIN #lc_crown AS w
  ON w.[top] = c.[top]
JOIN #lc_root AS r
  ON r.id = c.id
JOIN #lc_core AS k
  ON k.root_id = r.root_id
WHERE
  w.active <= k.active;
