-- Ids that rows name and that are no session in either layout; a log that another machine owns is not ours.
INSERT INTO #lc_gone (
  id
)
SELECT
  u.id
FROM #lc_usage AS u
WHERE
  NOT u.id IS NULL
  AND NOT EXISTS(
    SELECT
      1
    FROM #lc_session AS s
    WHERE
      s.id = u.id
  )
  AND NOT EXISTS(
    SELECT
      1
    FROM event_sequence AS log
    WHERE
      log.aggregate_id = u.id AND NOT log.owner_id IS NULL
  )
GROUP BY
  u.id;

-- part rows of a message whose session is gone,
INSERT INTO #lc_stray (
  name,
  number,
  id,
  tally,
  bytes
)
SELECT
  'part',
  ROW_NUMBER() OVER (ORDER BY x.id),
  x.id,
  1,
  x.bytes
FROM (
  SELECT
    t.id,
    COALESCE(CAST(DATALENGTH(t.data) AS BIGINT), 0) AS bytes
  FROM #lc_gone AS g
  CROSS JOIN message AS owner
  CROSS JOIN part AS t
  WHERE
    owner.session_id = g.id AND t.message_id = owner.id
  UNION ALL
  SELECT
    t.id,
    COALESCE(CAST(DATALENGTH(t.data) AS BIGINT), 0) AS bytes
  FROM #lc_alone AS a
  CROSS JOIN part AS t
  WHERE
    a.name = 'part'
    AND t.session_id = a.id
    AND NOT EXISTS(
      SELECT
        1
      FROM message AS owner
      WHERE
        owner.id = t.message_id
    )
    AND CASE
      WHEN EXISTS(
        SELECT
          1
        FROM session AS session_kept
        WHERE
          session_kept.id = t.session_id
      )
      THEN CASE
        WHEN CASE WHEN t.time_updated >= 1000000000000 THEN t.time_updated END < 1799395200000
        THEN CASE
          WHEN ISJSON(t.data) = 1
          THEN CASE
            WHEN JSON_VALUE(t.data, '$.type') = 'tool' AND JSON_VALUE(t.data, '$.state.status') IN ('pending', 'running')
            THEN 0
            ELSE 1
          END
          ELSE 1
        END
        ELSE 0
      END
      ELSE 1
    END = 1
) AS x
WHERE
  NOT x.id IS NULL;

INSERT INTO #lc_stray (
  name,
  number,
  id,
  tally,
  bytes
)
SELECT
  'message',
  ROW_NUMBER() OVER (ORDER BY t.id),
  t.id,
  1,
  COALESCE(CAST(DATALENGTH(t.data) AS BIGINT), 0)
FROM #lc_gone AS g
CROSS JOIN message AS t
WHERE
  t.session_id = g.id AND NOT t.id IS NULL;

INSERT INTO #lc_stray (
  name,
  number,
  id,
  tally,
  bytes
)
SELECT
  'todo',
  ROW_NUMBER() OVER (ORDER BY g.id),
  g.id,
  COUNT_BIG(*),
  0
FROM #lc_gone AS g
CROSS JOIN todo AS t
WHERE
  t.session_id = g.id
GROUP BY
  g.id;

INSERT INTO #lc_stray (
  name,
  number,
  id,
  tally,
  bytes
)
SELECT
  'session_share',
  ROW_NUMBER() OVER (ORDER BY g.id),
  g.id,
  COUNT_BIG(*),
  0
FROM #lc_gone AS g
CROSS JOIN session_share AS t
WHERE
  t.session_id = g.id
GROUP BY
  g.id;

INSERT INTO #lc_stray (
  name,
  number,
  id,
  tally,
  bytes
)
SELECT
  'session_message',
  ROW_NUMBER() OVER (ORDER BY t.id),
  t.id,
  1,
  COALESCE(CAST(DATALENGTH(t.data) AS BIGINT), 0)
FROM #lc_gone AS g
CROSS JOIN session_message AS t
WHERE
  t.session_id = g.id AND NOT t.id IS NULL;

INSERT INTO #lc_stray (
  name,
  number,
  id,
  tally,
  bytes
)
SELECT
  'session_input',
  ROW_NUMBER() OVER (ORDER BY g.id),
  g.id,
  COUNT_BIG(*),
  0
FROM #lc_gone AS g
CROSS JOIN session_input AS t
WHERE
  t.session_id = g.id
GROUP BY
  g.id;

INSERT INTO #lc_stray (
  name,
  number,
  id,
  tally,
  bytes
)
SELECT
  'session_context_epoch',
  ROW_NUMBER() OVER (ORDER BY g.id),
  g.id,
  COUNT_BIG(*),
  0
FROM #lc_gone AS g
CROSS JOIN session_context_epoch AS t
WHERE
  t.session_id = g.id
GROUP BY
  g.id;

INSERT INTO #lc_stray (
  name,
  number,
  id,
  tally,
  bytes
)
SELECT
  'event',
  ROW_NUMBER() OVER (ORDER BY t.id),
  t.id,
  1,
  COALESCE(CAST(DATALENGTH(t.data) AS BIGINT), 0)
FROM #lc_gone AS g
CROSS JOIN event AS t
WHERE
  t.aggregate_id = g.id AND NOT t.id IS NULL;

INSERT INTO #lc_stray (
  name,
  number,
  id,
  tally,
  bytes
)
SELECT
  'event_sequence',
  ROW_NUMBER() OVER (ORDER BY g.id),
  g.id,
  COUNT_BIG(*),
  0
FROM #lc_gone AS g
CROSS JOIN event_sequence AS t
WHERE
  t.aggregate_id = g.id
GROUP BY
  g.id;
