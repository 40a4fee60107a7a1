-- Nothing of the climb is needed any more.
DELETE FROM lc_reach;

-- Trees with a row newer than a week: a message left open longer ago is a crash, not work in progress. Where one age
-- by activity decides alone, only trees over it are looked at, unless every rule's verdict is asked for. Limits of
-- single projects, or ages by creation, take trees that are not over it.
INSERT INTO lc_reach (
  id,
  fresh
)
SELECT
  r.root_id,
  MAX(s.newest)
FROM lc_session AS s
JOIN lc_root AS r
  ON r.id = s.id
GROUP BY
  r.root_id
HAVING
  MAX(s.newest) >= 1799395200000
  AND (
    1 = 1
    OR 0 = 1
    OR MAX(s.active) < 1797408000000
    OR EXISTS(
      SELECT
        1
      FROM lc_section AS c
    )
    OR NOT COALESCE(100, 1000000000, 200000000, 1797408000000) IS NULL
  );

-- Their sessions: the only ones whose JSON is read. (CROSS JOIN: SQLite takes the tables in the order they stand,
-- the short list first.)
INSERT INTO lc_recent (
  id
)
SELECT
  r.id
FROM lc_root AS r
JOIN lc_reach AS t
  ON t.id = r.root_id;

-- A session that is being compacted.
INSERT INTO lc_running (
  id,
  sign
)
SELECT
  t.id,
  'compacting'
FROM lc_recent AS r
CROSS JOIN session AS t
WHERE
  t.id = r.id AND NOT t.time_compacting IS NULL;

-- An assistant's message that neither completed nor failed.
INSERT INTO lc_running (
  id,
  sign
)
SELECT
  m.session_id,
  'message'
FROM lc_recent AS r
CROSS JOIN message AS m
WHERE
  m.session_id = r.id
  AND CASE
    WHEN m.data LIKE '{"role":"user"%'
    THEN 0
    WHEN JSON_VALID(m.data) = 1
    THEN CASE
      WHEN JSON_EXTRACT(m.data, '$.role') = 'assistant'
      AND CASE WHEN COALESCE(JSON_TYPE(m.data, '$.time.completed'), 'null') = 'null' THEN 0 ELSE 1 END = 0
      AND CASE WHEN COALESCE(JSON_TYPE(m.data, '$.error'), 'null') = 'null' THEN 0 ELSE 1 END = 0
      THEN 1
      ELSE 0
    END
    ELSE 0
  END = 1;

INSERT INTO lc_running (
  id,
  sign
)
SELECT
  m.session_id,
  'message'
FROM lc_recent AS r
CROSS JOIN session_message AS m
WHERE
  m.session_id = r.id
  AND m.type = 'assistant'
  AND CASE
    WHEN m.data LIKE '%,"time":{"created":_____________,"completed":_____________}}'
    THEN 0
    WHEN JSON_VALID(m.data) = 1
    THEN CASE
      WHEN CASE WHEN COALESCE(JSON_TYPE(m.data, '$.time.completed'), 'null') = 'null' THEN 0 ELSE 1 END = 0
      AND CASE WHEN COALESCE(JSON_TYPE(m.data, '$.error'), 'null') = 'null' THEN 0 ELSE 1 END = 0
      THEN 1
      ELSE 0
    END
    ELSE 0
  END = 1;

-- A tool call that has not ended. Looking for the words first is quicker, and takes no memory: the parts of a huge text
-- would be kept several times.
INSERT INTO lc_running (
  id,
  sign
)
SELECT
  m.session_id,
  'tool'
FROM lc_recent AS r
CROSS JOIN message AS m
CROSS JOIN part AS p
WHERE
  m.session_id = r.id
  AND p.message_id = m.id
  AND CASE
    WHEN p.data NOT LIKE '%"pending"%' AND p.data NOT LIKE '%"running"%'
    THEN 0
    WHEN JSON_VALID(p.data) = 0
    THEN 0
    WHEN JSON_EXTRACT(p.data, '$.type') = 'tool' AND JSON_EXTRACT(p.data, '$.state.status') IN ('pending', 'running')
    THEN 1
    ELSE 0
  END = 1;

INSERT INTO lc_running (
  id,
  sign
)
SELECT
  p.session_id,
  'tool'
FROM lc_recent AS r
CROSS JOIN part AS p
WHERE
  p.session_id = r.id
  AND CASE
    WHEN EXISTS(
      SELECT
        1
      FROM message AS m
      WHERE
        m.id = p.message_id
    )
    THEN 0
    WHEN p.data NOT LIKE '%"pending"%' AND p.data NOT LIKE '%"running"%'
    THEN 0
    WHEN JSON_VALID(p.data) = 0
    THEN 0
    WHEN JSON_EXTRACT(p.data, '$.type') = 'tool' AND JSON_EXTRACT(p.data, '$.state.status') IN ('pending', 'running')
    THEN 1
    ELSE 0
  END = 1;
