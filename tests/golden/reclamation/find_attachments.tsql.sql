INSERT INTO #lc_attached (
  name,
  number,
  id,
  session_id,
  octets,
  stamp
)
SELECT
  'part',
  ROW_NUMBER() OVER (ORDER BY p.id),
  p.id,
  m.session_id,
  CAST(DATALENGTH(p.data) AS BIGINT),
  COALESCE(CASE WHEN p.time_updated >= 1000000000000 THEN p.time_updated END, 0)
FROM part AS p
JOIN message AS m
  ON m.id = p.message_id
JOIN #lc_session AS s
  ON s.id = m.session_id
WHERE
  s.active < 1799395200000
  AND s.unclear = 0
  AND NOT p.id IS NULL
  AND CAST(DATALENGTH(p.data) AS BIGINT) >= 4096
  AND CAST(DATALENGTH(p.data) AS BIGINT) < 25165824
  AND CASE WHEN p.data LIKE '%"mime"%' THEN ISJSON(p.data) ELSE 0 END = 1
  AND NOT EXISTS(
    SELECT
      1
    FROM #lc_target AS t
    WHERE
      t.id = p.id AND t.name = 'part' AND t.field = 'data'
  );

INSERT INTO #lc_broken (
  name,
  id
)
SELECT
  'part',
  p.id
FROM part AS p
JOIN message AS m
  ON m.id = p.message_id
JOIN #lc_session AS s
  ON s.id = m.session_id
WHERE
  s.active < 1799395200000
  AND s.unclear = 0
  AND p.data LIKE '%;base64,%'
  AND CAST(DATALENGTH(p.data) AS BIGINT) < 25165824
  AND ISJSON(p.data) = 0;

INSERT INTO #lc_too_large (
  name,
  id
)
SELECT
  'part',
  p.id
FROM part AS p
JOIN message AS m
  ON m.id = p.message_id
JOIN #lc_session AS s
  ON s.id = m.session_id
WHERE
  s.active < 1799395200000
  AND s.unclear = 0
  AND CAST(DATALENGTH(p.data) AS BIGINT) >= 25165824
  AND p.data LIKE '%"mime"%';

INSERT INTO #lc_attached (
  name,
  number,
  id,
  session_id,
  octets,
  stamp
)
SELECT
  'session_message',
  ROW_NUMBER() OVER (ORDER BY m.id),
  m.id,
  m.session_id,
  CAST(DATALENGTH(m.data) AS BIGINT),
  COALESCE(CASE WHEN m.time_updated >= 1000000000000 THEN m.time_updated END, 0)
FROM session_message AS m
JOIN #lc_session AS s
  ON s.id = m.session_id
WHERE
  s.active < 1799395200000
  AND s.unclear = 0
  AND NOT m.id IS NULL
  AND CAST(DATALENGTH(m.data) AS BIGINT) >= 4096
  AND CAST(DATALENGTH(m.data) AS BIGINT) < 25165824
  AND CASE WHEN m.data LIKE '%"mime"%' THEN ISJSON(m.data) ELSE 0 END = 1
  AND NOT EXISTS(
    SELECT
      1
    FROM #lc_target AS t
    WHERE
      t.id = m.id AND t.name = 'session_message' AND t.field = 'data'
  );

INSERT INTO #lc_broken (
  name,
  id
)
SELECT
  'session_message',
  m.id
FROM session_message AS m
JOIN #lc_session AS s
  ON s.id = m.session_id
WHERE
  s.active < 1799395200000
  AND s.unclear = 0
  AND m.data LIKE '%"mime"%'
  AND CAST(DATALENGTH(m.data) AS BIGINT) < 25165824
  AND ISJSON(m.data) = 0;

INSERT INTO #lc_too_large (
  name,
  id
)
SELECT
  'session_message',
  m.id
FROM session_message AS m
JOIN #lc_session AS s
  ON s.id = m.session_id
WHERE
  s.active < 1799395200000
  AND s.unclear = 0
  AND CAST(DATALENGTH(m.data) AS BIGINT) >= 25165824
  AND m.data LIKE '%"mime"%';
