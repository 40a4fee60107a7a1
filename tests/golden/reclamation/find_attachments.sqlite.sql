INSERT INTO lc_attached (
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
  LENGTH(CAST(p.data AS BLOB)),
  COALESCE(CASE WHEN TYPEOF(p.time_updated) = 'integer' AND p.time_updated >= 1000000000000 THEN p.time_updated END, 0)
FROM part AS p
JOIN message AS m
  ON m.id = p.message_id
JOIN lc_session AS s
  ON s.id = m.session_id
WHERE
  s.active < 1799395200000
  AND s.unclear = 0
  AND NOT p.id IS NULL
  AND LENGTH(CAST(p.data AS BLOB)) >= 4096
  AND LENGTH(CAST(p.data AS BLOB)) < 25165824
  AND CASE
    WHEN p.data LIKE '%"mime"%'
    THEN CASE
      WHEN TYPEOF(p.data) <> 'text'
      THEN 0
      WHEN JSON_VALID(p.data) = 0
      THEN 0
      WHEN LENGTH(CAST(PRINTF('%s', p.data) AS BLOB)) < LENGTH(CAST(p.data AS BLOB))
      THEN 0
      ELSE 1
    END
    ELSE 0
  END = 1
  AND NOT EXISTS(
    SELECT
      1
    FROM lc_target AS t
    WHERE
      t.id = p.id AND t.name = 'part' AND t.field = 'data'
  );

INSERT INTO lc_broken (
  name,
  id
)
SELECT
  'part',
  p.id
FROM part AS p
JOIN message AS m
  ON m.id = p.message_id
JOIN lc_session AS s
  ON s.id = m.session_id
WHERE
  s.active < 1799395200000
  AND s.unclear = 0
  AND p.data LIKE '%;base64,%'
  AND LENGTH(CAST(p.data AS BLOB)) < 25165824
  AND JSON_VALID(p.data) = 0;

INSERT INTO lc_too_large (
  name,
  id
)
SELECT
  'part',
  p.id
FROM part AS p
JOIN message AS m
  ON m.id = p.message_id
JOIN lc_session AS s
  ON s.id = m.session_id
WHERE
  s.active < 1799395200000
  AND s.unclear = 0
  AND LENGTH(CAST(p.data AS BLOB)) >= 25165824
  AND p.data LIKE '%"mime"%';

INSERT INTO lc_attached (
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
  LENGTH(CAST(m.data AS BLOB)),
  COALESCE(CASE WHEN TYPEOF(m.time_updated) = 'integer' AND m.time_updated >= 1000000000000 THEN m.time_updated END, 0)
FROM session_message AS m
JOIN lc_session AS s
  ON s.id = m.session_id
WHERE
  s.active < 1799395200000
  AND s.unclear = 0
  AND NOT m.id IS NULL
  AND LENGTH(CAST(m.data AS BLOB)) >= 4096
  AND LENGTH(CAST(m.data AS BLOB)) < 25165824
  AND CASE
    WHEN m.data LIKE '%"mime"%'
    THEN CASE
      WHEN TYPEOF(m.data) <> 'text'
      THEN 0
      WHEN JSON_VALID(m.data) = 0
      THEN 0
      WHEN LENGTH(CAST(PRINTF('%s', m.data) AS BLOB)) < LENGTH(CAST(m.data AS BLOB))
      THEN 0
      ELSE 1
    END
    ELSE 0
  END = 1
  AND NOT EXISTS(
    SELECT
      1
    FROM lc_target AS t
    WHERE
      t.id = m.id AND t.name = 'session_message' AND t.field = 'data'
  );

INSERT INTO lc_broken (
  name,
  id
)
SELECT
  'session_message',
  m.id
FROM session_message AS m
JOIN lc_session AS s
  ON s.id = m.session_id
WHERE
  s.active < 1799395200000
  AND s.unclear = 0
  AND m.data LIKE '%"mime"%'
  AND LENGTH(CAST(m.data AS BLOB)) < 25165824
  AND JSON_VALID(m.data) = 0;

INSERT INTO lc_too_large (
  name,
  id
)
SELECT
  'session_message',
  m.id
FROM session_message AS m
JOIN lc_session AS s
  ON s.id = m.session_id
WHERE
  s.active < 1799395200000
  AND s.unclear = 0
  AND LENGTH(CAST(m.data AS BLOB)) >= 25165824
  AND m.data LIKE '%"mime"%';
