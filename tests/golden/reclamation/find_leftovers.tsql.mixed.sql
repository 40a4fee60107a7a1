-- Sessions that were there when the client began its move to 2.x, were not written to since, and are idle. `gone`:
-- they have no row of 2.x any more.
INSERT INTO #lc_leftover_candidate (
  id,
  gone
)
SELECT
  s.id,
  CASE WHEN EXISTS(
    SELECT
      1
    FROM session_v2 AS v
    WHERE
      v.id = s.id
  ) THEN 0 ELSE 1 END
FROM kv AS k
CROSS JOIN session AS s
JOIN #lc_session AS f
  ON f.id = s.id
WHERE
  k.[key] = 'migration.v1-v2'
  AND CASE
    WHEN ISJSON(k.value) = 1
    THEN CASE WHEN JSON_VALUE(k.value, '$.phase') = 'completed' THEN 1 ELSE 0 END
    ELSE 0
  END = 1
  AND s.time_created < k.time_created
  AND s.time_updated < k.time_created
  AND f.active < 1799395200000
  AND f.newest < 1799395200000
  AND f.unsafe = 0
  AND f.unclear = 0
  AND f.shared = 0;

-- Something of them was written by 1.x since, or cannot be dated.
INSERT INTO #lc_no_leftover (
  id
)
SELECT
  l.id
FROM #lc_leftover_candidate AS l
JOIN message AS m
  ON m.session_id = l.id
CROSS JOIN kv AS k
WHERE
  k.[key] = 'migration.v1-v2' AND m.time_updated >= k.time_created;

INSERT INTO #lc_no_leftover (
  id
)
SELECT
  l.id
FROM #lc_leftover_candidate AS l
JOIN message AS m
  ON m.session_id = l.id
JOIN part AS p
  ON p.message_id = m.id
CROSS JOIN kv AS k
WHERE
  k.[key] = 'migration.v1-v2'
  AND CASE
    WHEN CASE WHEN p.time_updated >= 1000000000000 THEN p.time_updated END IS NULL
    THEN 1
    WHEN p.time_updated >= k.time_created
    THEN 1
    ELSE 0
  END = 1;

-- Parts that the move did not count to the session of their message, and parts that have none, unless they go first.
INSERT INTO #lc_no_leftover (
  id
)
SELECT
  l.id
FROM #lc_leftover_candidate AS l
JOIN message AS m
  ON m.session_id = l.id
JOIN part AS p
  ON p.message_id = m.id
WHERE
  p.session_id <> l.id;

INSERT INTO #lc_no_leftover (
  id
)
SELECT
  l.id
FROM #lc_leftover_candidate AS l
JOIN part AS p
  ON p.session_id = l.id
WHERE
  NOT EXISTS(
    SELECT
      1
    FROM message AS m
    WHERE
      m.id = p.message_id AND m.session_id = p.session_id
  )
  AND NOT EXISTS(
    SELECT
      1
    FROM #lc_stray AS o
    WHERE
      o.id = p.id AND o.name = 'part'
  );

-- session_share rows keep them.
INSERT INTO #lc_no_leftover (
  id
)
SELECT
  l.id
FROM #lc_leftover_candidate AS l
JOIN session_share AS t
  ON t.session_id = l.id;

-- session_message rows of what 2.x would have removed with all of them.
INSERT INTO #lc_no_leftover (
  id
)
SELECT
  l.id
FROM #lc_leftover_candidate AS l
JOIN session_message AS t
  ON t.session_id = l.id
WHERE
  l.gone = 1;

-- session_pending rows of what 2.x would have removed with all of them.
INSERT INTO #lc_no_leftover (
  id
)
SELECT
  l.id
FROM #lc_leftover_candidate AS l
JOIN session_pending AS t
  ON t.session_id = l.id
WHERE
  l.gone = 1;

-- session_inbox rows of what 2.x would have removed with all of them.
INSERT INTO #lc_no_leftover (
  id
)
SELECT
  l.id
FROM #lc_leftover_candidate AS l
JOIN session_inbox AS t
  ON t.session_id = l.id
WHERE
  l.gone = 1;

-- instruction_entry rows of what 2.x would have removed with all of them.
INSERT INTO #lc_no_leftover (
  id
)
SELECT
  l.id
FROM #lc_leftover_candidate AS l
JOIN instruction_entry AS t
  ON t.session_id = l.id
WHERE
  l.gone = 1;

-- instruction_state rows of what 2.x would have removed with all of them.
INSERT INTO #lc_no_leftover (
  id
)
SELECT
  l.id
FROM #lc_leftover_candidate AS l
JOIN instruction_state AS t
  ON t.session_id = l.id
WHERE
  l.gone = 1;

-- event rows of what 2.x would have removed with all of them.
INSERT INTO #lc_no_leftover (
  id
)
SELECT
  l.id
FROM #lc_leftover_candidate AS l
JOIN event AS t
  ON t.aggregate_id = l.id
WHERE
  l.gone = 1;

-- event_sequence rows of what 2.x would have removed with all of them.
INSERT INTO #lc_no_leftover (
  id
)
SELECT
  l.id
FROM #lc_leftover_candidate AS l
JOIN event_sequence AS t
  ON t.aggregate_id = l.id
WHERE
  l.gone = 1;

-- The row of 2.x is older than the one it was made from.
INSERT INTO #lc_no_leftover (
  id
)
SELECT
  l.id
FROM #lc_leftover_candidate AS l
JOIN session AS s
  ON s.id = l.id
JOIN session_v2 AS v
  ON v.id = l.id
WHERE
  v.time_updated < s.time_updated;

-- Messages that have neither a message of 2.x with their id, nor are the summary that was put into a compaction.
INSERT INTO #lc_no_leftover (
  id
)
SELECT
  l.id
FROM #lc_leftover_candidate AS l
JOIN message AS m
  ON m.session_id = l.id
WHERE
  l.gone = 0
  AND NOT EXISTS(
    SELECT
      1
    FROM session_message AS t
    WHERE
      t.id = m.id
      AND t.session_id = m.session_id
      AND t.time_created = m.time_created
      AND t.time_updated >= m.time_updated
  )
  AND NOT EXISTS(
    SELECT
      1
    FROM session_message AS t
    WHERE
      t.id = CASE WHEN ISJSON(m.data) = 1 THEN JSON_VALUE(m.data, '$.parentID') END
      AND t.session_id = m.session_id
      AND t.type = 'compaction'
      AND t.time_updated >= m.time_updated
  );

-- Parts that the move could not read.
INSERT INTO #lc_no_leftover (
  id
)
SELECT
  l.id
FROM #lc_leftover_candidate AS l
JOIN message AS m
  ON m.session_id = l.id
JOIN part AS p
  ON p.message_id = m.id
WHERE
  l.gone = 0
  AND CASE
    WHEN ISJSON(p.data) = 1
    THEN CASE JSON_VALUE(p.data, '$.type')
      WHEN 'text'
      THEN CASE WHEN JSON_VALUE(p.data, '$.text') IS NULL AND JSON_QUERY(p.data, '$.text') IS NULL THEN 0 ELSE 1 END
      WHEN 'reasoning'
      THEN CASE WHEN JSON_VALUE(p.data, '$.text') IS NULL AND JSON_QUERY(p.data, '$.text') IS NULL THEN 0 ELSE 1 END * CASE
        WHEN JSON_VALUE(p.data, '$.time.start') IS NULL AND JSON_QUERY(p.data, '$.time.start') IS NULL
        THEN 0
        ELSE 1
      END
      WHEN 'tool'
      THEN CASE WHEN JSON_VALUE(p.data, '$.callID') IS NULL AND JSON_QUERY(p.data, '$.callID') IS NULL THEN 0 ELSE 1 END * CASE WHEN JSON_VALUE(p.data, '$.tool') IS NULL AND JSON_QUERY(p.data, '$.tool') IS NULL THEN 0 ELSE 1 END * CASE
        WHEN JSON_VALUE(p.data, '$.state.input') IS NULL AND JSON_QUERY(p.data, '$.state.input') IS NULL
        THEN 0
        ELSE 1
      END * CASE
        WHEN JSON_VALUE(p.data, '$.state.time.end') IS NULL AND JSON_QUERY(p.data, '$.state.time.end') IS NULL
        THEN 0
        ELSE 1
      END * CASE JSON_VALUE(p.data, '$.state.status')
        WHEN 'completed'
        THEN CASE
          WHEN JSON_VALUE(p.data, '$.state.output') IS NULL AND JSON_QUERY(p.data, '$.state.output') IS NULL
          THEN 0
          ELSE 1
        END * CASE
          WHEN JSON_VALUE(p.data, '$.state.metadata') IS NULL AND JSON_QUERY(p.data, '$.state.metadata') IS NULL
          THEN 0
          ELSE 1
        END
        WHEN 'error'
        THEN CASE
          WHEN JSON_VALUE(p.data, '$.state.error') IS NULL AND JSON_QUERY(p.data, '$.state.error') IS NULL
          THEN 0
          ELSE 1
        END
        ELSE 0
      END
      WHEN 'file'
      THEN CASE WHEN JSON_VALUE(p.data, '$.mime') IS NULL AND JSON_QUERY(p.data, '$.mime') IS NULL THEN 0 ELSE 1 END * CASE WHEN JSON_VALUE(p.data, '$.url') IS NULL AND JSON_QUERY(p.data, '$.url') IS NULL THEN 0 ELSE 1 END
      WHEN 'agent'
      THEN CASE WHEN JSON_VALUE(p.data, '$.name') IS NULL AND JSON_QUERY(p.data, '$.name') IS NULL THEN 0 ELSE 1 END
      WHEN 'patch'
      THEN CASE WHEN JSON_VALUE(p.data, '$.hash') IS NULL AND JSON_QUERY(p.data, '$.hash') IS NULL THEN 0 ELSE 1 END
      WHEN 'step-finish'
      THEN CASE WHEN JSON_VALUE(p.data, '$.reason') IS NULL AND JSON_QUERY(p.data, '$.reason') IS NULL THEN 0 ELSE 1 END
      WHEN 'step-start'
      THEN 1
      WHEN 'snapshot'
      THEN 1
      WHEN 'retry'
      THEN 1
      WHEN 'compaction'
      THEN 1
      ELSE 0
    END
    ELSE 0
  END = 0;

-- Answers of which 2.x has more or fewer entries.
INSERT INTO #lc_no_leftover (
  id
)
SELECT
  l.id
FROM #lc_leftover_candidate AS l
JOIN message AS m
  ON m.session_id = l.id
JOIN session_message AS t
  ON t.id = m.id
WHERE
  l.gone = 0
  AND t.type = 'assistant'
  AND CASE WHEN ISJSON(t.data) = 1 THEN (
    SELECT
      COUNT(*)
    FROM OPENJSON(t.data, '$.content')
  ) ELSE -1 END <> (
    SELECT
      COUNT_BIG(*)
    FROM part AS p
    WHERE
      p.message_id = m.id
      AND CASE
        WHEN ISJSON(p.data) = 1
        THEN CASE WHEN JSON_VALUE(p.data, '$.type') IN ('text', 'reasoning', 'tool') THEN 1 ELSE 0 END
        ELSE 0
      END = 1
  );

DELETE FROM #lc_leftover_candidate
WHERE
  id IN (
    SELECT
      u.id
    FROM #lc_no_leftover AS u
  );

-- Of a tree that 2.x has removed all must be gone, and nothing may protect it: what stays would lose its parent, or
-- its tree some of its age.
INSERT INTO #lc_staying_tree (
  root_id
)
SELECT
  r.root_id
FROM #lc_root AS r
JOIN #lc_verdict AS v
  ON v.root_id = r.root_id
LEFT JOIN #lc_leftover_candidate AS l
  ON l.id = r.id
WHERE
  NOT v.protection IS NULL OR COALESCE(l.gone, 0) = 0
GROUP BY
  r.root_id;

DELETE FROM #lc_no_leftover;

INSERT INTO #lc_no_leftover (
  id
)
SELECT
  l.id
FROM #lc_leftover_candidate AS l
JOIN #lc_root AS r
  ON r.id = l.id
JOIN #lc_staying_tree AS t
  ON t.root_id = r.root_id
WHERE
  l.gone = 1;

DELETE FROM #lc_leftover_candidate
WHERE
  id IN (
    SELECT
      u.id
    FROM #lc_no_leftover AS u
  );

-- What goes, and what it consists of.
INSERT INTO #lc_leftover (
  number,
  id,
  gone,
  tally,
  bytes,
  written
)
SELECT
  ROW_NUMBER() OVER (ORDER BY l.id),
  l.id,
  l.gone,
  COALESCE(
    (
      SELECT
        COUNT_BIG(*)
      FROM message AS own
      JOIN part AS held
        ON held.message_id = own.id
      WHERE
        own.session_id = l.id
    ),
    0
  ) + COALESCE((
    SELECT
      COUNT_BIG(*)
    FROM message AS held
    WHERE
      held.session_id = l.id
  ), 0) + COALESCE((
    SELECT
      COUNT_BIG(*)
    FROM todo AS held
    WHERE
      held.session_id = l.id
  ), 0) + COALESCE((
    SELECT
      COUNT_BIG(*)
    FROM session AS held
    WHERE
      held.id = l.id
  ), 0),
  COALESCE(
    (
      SELECT
        SUM(COALESCE(CAST(DATALENGTH(held.data) AS BIGINT), 0))
      FROM message AS own
      JOIN part AS held
        ON held.message_id = own.id
      WHERE
        own.session_id = l.id
    ),
    0
  ) + COALESCE(
    (
      SELECT
        SUM(COALESCE(CAST(DATALENGTH(held.data) AS BIGINT), 0))
      FROM message AS held
      WHERE
        held.session_id = l.id
    ),
    0
  ) + COALESCE((
    SELECT
      SUM(0)
    FROM todo AS held
    WHERE
      held.session_id = l.id
  ), 0) + COALESCE(
    (
      SELECT
        SUM(
          COALESCE(CAST(DATALENGTH(held.summary_diffs) AS BIGINT), 0) + COALESCE(CAST(DATALENGTH(held.metadata) AS BIGINT), 0) + COALESCE(CAST(DATALENGTH(held.[revert]) AS BIGINT), 0) + COALESCE(CAST(DATALENGTH(held.permission) AS BIGINT), 0) + COALESCE(CAST(DATALENGTH(held.model) AS BIGINT), 0)
        )
      FROM session AS held
      WHERE
        held.id = l.id
    ),
    0
  ),
  COALESCE(
    (
      SELECT
        SUM(held.time_updated)
      FROM message AS own
      JOIN part AS held
        ON held.message_id = own.id
      WHERE
        own.session_id = l.id
    ),
    0
  ) + COALESCE((
    SELECT
      SUM(held.time_updated)
    FROM message AS held
    WHERE
      held.session_id = l.id
  ), 0) + COALESCE((
    SELECT
      SUM(held.time_updated)
    FROM todo AS held
    WHERE
      held.session_id = l.id
  ), 0) + COALESCE((
    SELECT
      SUM(held.time_updated)
    FROM session AS held
    WHERE
      held.id = l.id
  ), 0)
FROM #lc_leftover_candidate AS l;

-- What goes whole is of no interest to the kinds that shrink rows.
DELETE FROM #lc_target
WHERE
  name = 'part'
  AND id IN (
    SELECT
      p.id
    FROM #lc_leftover AS t
    JOIN message AS m
      ON m.session_id = t.id
    JOIN part AS p
      ON p.message_id = m.id
  );

DELETE FROM #lc_target
WHERE
  name = 'message'
  AND id IN (
    SELECT
      m.id
    FROM #lc_leftover AS t
    JOIN message AS m
      ON m.session_id = t.id
  );

DELETE FROM #lc_target
WHERE
  name = 'session' AND id IN (
    SELECT
      t.id
    FROM #lc_leftover AS t
  );
