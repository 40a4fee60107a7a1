-- What is known of each tree: the project of its root, and the newest activity of its sessions.
CREATE TEMPORARY TABLE lc_home (
  id VARCHAR(191) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin NOT NULL PRIMARY KEY,
  project_id VARCHAR(191) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin,
  active BIGINT NOT NULL
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

UPDATE lc_home
JOIN lc_session AS s
  ON TRUE SET lc_home.project_id = s.project_id
WHERE
  s.id = lc_home.id;
