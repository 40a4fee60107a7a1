-- The order: newest activity first, root id by bytes where it is equal. Protected trees keep their place and count.
INSERT INTO #lc_rank (
  root_id,
  place,
  place_in_project,
  active,
  size,
  protection
)
SELECT
  p.root_id,
  p.place,
  p.place_in_project,
  p.active,
  p.size,
  CASE
    WHEN p.unsafe = 1
    THEN 'unsafe-id'
    WHEN p.unclear = 1
    THEN 'time-unclear'
    WHEN p.active > 1800000000000
    THEN 'future'
    WHEN p.running = 1
    THEN 'running'
    WHEN p.shared = 1
    THEN 'shared'
    WHEN p.pinned = 1
    THEN 'pinned'
    WHEN p.restored = 1
    THEN 'restored'
    WHEN p.matched = 1
    THEN 'protect'
    WHEN p.active > 1799913600000
    THEN 'grace'
    WHEN p.place <= 0
    THEN 'keep-last'
    WHEN p.place_in_project <= 0
    THEN 'keep-last-per-project'
  END
FROM (
  SELECT
    t.root_id AS root_id,
    t.active AS active,
    t.size AS size,
    t.unsafe AS unsafe,
    t.unclear AS unclear,
    t.running AS running,
    t.shared AS shared,
    t.pinned AS pinned,
    t.restored AS restored,
    t.matched AS matched,
    ROW_NUMBER() OVER (ORDER BY t.active DESC, t.root_id) AS place,
    ROW_NUMBER() OVER (PARTITION BY t.project_id ORDER BY t.active DESC, t.root_id) AS place_in_project
  FROM #lc_tree AS t
  WHERE
    NULL IS NULL OR t.project_id = NULL
) AS p;

-- What a limit on the file leaves for trees that nothing protects. Rows that belong to no tree count first, unless
-- one project alone is meant.
INSERT INTO #lc_budget (
  kind,
  bytes
)
SELECT
  'unowned',
  SUM(u.bytes + u.tally * 300)
FROM #lc_usage AS u
WHERE
  NULL IS NULL AND NOT EXISTS(
    SELECT
      1
    FROM #lc_session AS s
    WHERE
      s.id = u.id
  );

INSERT INTO #lc_budget (
  kind,
  bytes
)
SELECT
  'protected',
  SUM(r.size)
FROM #lc_rank AS r
WHERE
  NOT r.protection IS NULL;

-- What the file was found to take beyond what is reckoned, such as pages that rows fill in part: as it was measured in
-- this run (0: it was not), else as an earlier run found it; at most so much.
INSERT INTO #lc_reckoned (
  kind,
  bytes
)
SELECT
  'trees',
  COALESCE(SUM(r.size), 0)
FROM #lc_rank AS r;

INSERT INTO #lc_reckoned (
  kind,
  bytes
)
SELECT
  b.kind,
  b.bytes
FROM #lc_budget AS b
WHERE
  b.kind = 'unowned' AND NOT b.bytes IS NULL;

INSERT INTO #lc_budget (
  kind,
  bytes
)
SELECT
  'excess',
  CASE WHEN x.bytes > 0 THEN 0 ELSE x.bytes END
FROM (
  SELECT
    CASE
      WHEN 0 - 200000 - SUM(k.bytes) > 0
      THEN 0 - 200000 - SUM(k.bytes)
      ELSE 0
    END AS bytes
  FROM #lc_reckoned AS k
) AS x;

INSERT INTO #lc_room (
  room
)
SELECT
  1000000000 - CASE WHEN NULL IS NULL THEN 200000 ELSE 0 END - COALESCE(SUM(b.bytes), 0)
FROM #lc_budget AS b;

-- Each limit by itself; a number that a project has of its own counts in that project alone. Trees that age, number or their own size take away leave their room to the others.
INSERT INTO #lc_over (
  root_id,
  over_age,
  over_count,
  over_tree_size,
  fits
)
SELECT
  r.root_id,
  CASE WHEN l.aged < l.old_since THEN 1 ELSE 0 END,
  CASE WHEN CASE WHEN l.in_project = 1 THEN r.place_in_project ELSE r.place END > l.max_sessions THEN 1 ELSE 0 END,
  CASE WHEN r.size > l.max_tree_size THEN 1 ELSE 0 END,
  CASE WHEN r.size > m.room THEN 0 ELSE 1 END
FROM #lc_rank AS r
JOIN #lc_limit AS l
  ON l.root_id = r.root_id
JOIN #lc_room AS m
  ON 1 = 1;

-- The newest that fit one after another stay; from the first that does not, all older go.
INSERT INTO #lc_fill (
  root_id,
  filled
)
SELECT
  r.root_id,
  SUM(r.size) OVER (ORDER BY r.place ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
FROM #lc_rank AS r
JOIN #lc_over AS o
  ON o.root_id = r.root_id
WHERE
  r.protection IS NULL AND o.over_age = 0 AND o.over_count = 0 AND o.over_tree_size = 0 AND o.fits = 1;

INSERT INTO #lc_verdict (
  root_id,
  place,
  place_in_project,
  protection,
  over_age,
  over_count,
  over_size,
  over_tree_size,
  verdict,
  reason
)
SELECT
  j.root_id,
  j.place,
  j.place_in_project,
  j.protection,
  j.over_age,
  j.over_count,
  j.over_size,
  j.over_tree_size,
  CASE
    WHEN j.protection IS NULL AND j.over_age + j.over_count + j.over_size + j.over_tree_size > 0
    THEN 'remove'
    ELSE 'keep'
  END,
  CASE
    WHEN NOT j.protection IS NULL
    THEN j.protection
    WHEN j.over_age = 1
    THEN 'age'
    WHEN j.over_count = 1
    THEN 'count'
    WHEN j.over_size = 1
    THEN 'size'
    WHEN j.over_tree_size = 1
    THEN 'tree-size'
    ELSE 'within-limits'
  END
FROM (
  SELECT
    r.root_id AS root_id,
    r.place AS place,
    r.place_in_project AS place_in_project,
    r.protection AS protection,
    o.over_age AS over_age,
    o.over_count AS over_count,
    o.over_tree_size AS over_tree_size,
    CASE WHEN o.fits = 0 OR f.filled > m.room THEN 1 ELSE 0 END AS over_size
  FROM #lc_rank AS r
  JOIN #lc_over AS o
    ON o.root_id = r.root_id
  JOIN #lc_room AS m
    ON 1 = 1
  LEFT JOIN #lc_fill AS f
    ON f.root_id = r.root_id
) AS j;
