-- What is known of each tree: the project of its root, and the newest activity of its sessions.
CREATE TEMPORARY TABLE lc_home (
  id TEXT(191) NOT NULL PRIMARY KEY,
  project_id TEXT(191),
  active INTEGER NOT NULL
);

INSERT INTO lc_home (
  id,
  active
)
SELECT
  r.root_id,
  MAX(s.active)
FROM lc_root AS r
JOIN lc_session AS s
  ON s.id = r.id
GROUP BY
  r.root_id;

UPDATE lc_home SET project_id = s.project_id
FROM lc_session AS s
WHERE
  s.id = lc_home.id;
