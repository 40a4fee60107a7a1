-- Messages, and pending reverts, that `diffs` would look into and that are not JSON.
INSERT INTO #lc_broken (
  name,
  id
)
SELECT
  'message',
  m.id
FROM message AS m
JOIN #lc_session AS s
  ON s.id = m.session_id
WHERE
  s.active < 1799395200000
  AND s.unclear = 0
  AND CAST(DATALENGTH(m.data) AS BIGINT) < 25165824
  AND ISJSON(m.data) = 0;

INSERT INTO #lc_broken (
  name,
  id
)
SELECT
  'session',
  r.id
FROM session AS r
JOIN #lc_session AS s
  ON s.id = r.id
WHERE
  s.active < 1799395200000
  AND s.unclear = 0
  AND NOT r.[revert] IS NULL
  AND CAST(DATALENGTH(r.[revert]) AS BIGINT) < 25165824
  AND ISJSON(r.[revert]) = 0;
