-- What is known of each tree: the project of its root, and the newest activity of its sessions.
CREATE TABLE #lc_home (
  id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL PRIMARY KEY,
  project_id NVARCHAR(191) COLLATE Latin1_General_100_BIN2,
  active BIGINT NOT NULL
);

INSERT INTO #lc_home (
  id,
  active
)
SELECT
  r.root_id,
  MAX(s.active)
FROM #lc_root AS r
JOIN #lc_session AS s
  ON s.id = r.id
GROUP BY
  r.root_id;

UPDATE #lc_home SET project_id = s.project_id
FROM #lc_session AS s
WHERE
  s.id = #lc_home.id;
