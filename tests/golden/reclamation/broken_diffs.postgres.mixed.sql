-- Messages, and pending reverts, that `diffs` would look into and that are not JSON.
INSERT INTO lc_broken (
  name,
  id
)
SELECT
  'message',
  m.id
FROM message AS m
JOIN lc_session AS s
  ON s.id = m.session_id
WHERE
  s.active < 1799395200000 AND s.unclear = 0 AND CASE WHEN pg_temp.gc_json(m.data) IS NULL THEN 0 ELSE 1 END = 0;

INSERT INTO lc_broken (
  name,
  id
)
SELECT
  'session',
  r.id
FROM session AS r
JOIN lc_session AS s
  ON s.id = r.id
WHERE
  s.active < 1799395200000
  AND s.unclear = 0
  AND CASE WHEN r.revert IS NULL THEN 1 ELSE CASE WHEN pg_temp.gc_json(r.revert) IS NULL THEN 0 ELSE 1 END END = 0;

INSERT INTO lc_broken (
  name,
  id
)
SELECT
  'session_v2',
  r.id
FROM session_v2 AS r
JOIN lc_session AS s
  ON s.id = r.id
WHERE
  s.active < 1799395200000
  AND s.unclear = 0
  AND CASE WHEN r.revert IS NULL THEN 1 ELSE CASE WHEN pg_temp.gc_json(r.revert) IS NULL THEN 0 ELSE 1 END END = 0;
