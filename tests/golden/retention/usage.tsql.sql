-- part: a row belongs to the session of its message.
INSERT INTO #lc_usage (
  id,
  name,
  tally,
  bytes,
  largest,
  checksum,
  newest,
  unclear
)
SELECT
  owner.session_id,
  'part',
  COUNT_BIG(*),
  SUM(COALESCE(CAST(DATALENGTH(t.data) AS BIGINT), 0)),
  MAX(COALESCE(CAST(DATALENGTH(t.data) AS BIGINT), 0)),
  SUM(
    1 * COALESCE(CAST(DATALENGTH(t.[data]) AS BIGINT) + 1, 0) + 3 * COALESCE(CAST(DATALENGTH(t.[id]) AS BIGINT) + 1, 0) + 5 * COALESCE(CAST(DATALENGTH(t.[message_id]) AS BIGINT) + 1, 0) + 7 * COALESCE(CAST(DATALENGTH(t.[session_id]) AS BIGINT) + 1, 0) + 9 * COALESCE(t.[time_created] % 1000003 + 1000004, 0) + 11 * COALESCE(t.[time_updated] % 1000003 + 1000004, 0)
  ),
  MAX(CASE WHEN t.time_updated >= 1000000000000 THEN t.time_updated END),
  0
FROM message AS owner
JOIN part AS t
  ON t.message_id = owner.id
GROUP BY
  owner.session_id;

-- part without its message: it belongs to the session it names itself. Where as many came with one as
-- there are, no row is looked at.
INSERT INTO #lc_alone (
  id,
  name,
  tally,
  bytes,
  largest,
  checksum,
  newest,
  unclear
)
SELECT
  t.session_id,
  'part',
  COUNT_BIG(*),
  SUM(COALESCE(CAST(DATALENGTH(t.data) AS BIGINT), 0)),
  MAX(COALESCE(CAST(DATALENGTH(t.data) AS BIGINT), 0)),
  SUM(
    1 * COALESCE(CAST(DATALENGTH(t.[data]) AS BIGINT) + 1, 0) + 3 * COALESCE(CAST(DATALENGTH(t.[id]) AS BIGINT) + 1, 0) + 5 * COALESCE(CAST(DATALENGTH(t.[message_id]) AS BIGINT) + 1, 0) + 7 * COALESCE(CAST(DATALENGTH(t.[session_id]) AS BIGINT) + 1, 0) + 9 * COALESCE(t.[time_created] % 1000003 + 1000004, 0) + 11 * COALESCE(t.[time_updated] % 1000003 + 1000004, 0)
  ),
  MAX(CASE WHEN t.time_updated >= 1000000000000 THEN t.time_updated END),
  0
FROM part AS t
WHERE
  (
    SELECT
      COUNT_BIG(*)
    FROM part
  ) > (
    SELECT
      COALESCE(SUM(u.tally), 0)
    FROM #lc_usage AS u
    WHERE
      u.name = 'part'
  )
  AND NOT EXISTS(
    SELECT
      1
    FROM message AS owner
    WHERE
      owner.id = t.message_id
  )
GROUP BY
  t.session_id;

INSERT INTO #lc_usage (
  id,
  name,
  tally,
  bytes,
  largest,
  checksum,
  newest,
  unclear
)
SELECT
  a.id,
  a.name,
  a.tally,
  a.bytes,
  a.largest,
  a.checksum,
  a.newest,
  a.unclear
FROM #lc_alone AS a
WHERE
  a.name = 'part';

-- message, by its session_id.
INSERT INTO #lc_usage (
  id,
  name,
  tally,
  bytes,
  largest,
  checksum,
  newest,
  unclear
)
SELECT
  t.session_id,
  'message',
  COUNT_BIG(*),
  SUM(COALESCE(CAST(DATALENGTH(t.data) AS BIGINT), 0)),
  MAX(COALESCE(CAST(DATALENGTH(t.data) AS BIGINT), 0)),
  SUM(
    1 * COALESCE(CAST(DATALENGTH(t.[data]) AS BIGINT) + 1, 0) + 3 * COALESCE(CAST(DATALENGTH(t.[id]) AS BIGINT) + 1, 0) + 5 * COALESCE(CAST(DATALENGTH(t.[session_id]) AS BIGINT) + 1, 0) + 7 * COALESCE(t.[time_created] % 1000003 + 1000004, 0) + 9 * COALESCE(t.[time_updated] % 1000003 + 1000004, 0)
  ),
  MAX(CASE WHEN t.time_updated >= 1000000000000 THEN t.time_updated END),
  SUM(CASE WHEN CASE WHEN t.time_updated >= 1000000000000 THEN t.time_updated END IS NULL THEN 1 ELSE 0 END)
FROM message AS t
GROUP BY
  t.session_id;

-- todo, by its session_id.
INSERT INTO #lc_usage (
  id,
  name,
  tally,
  bytes,
  largest,
  checksum,
  newest,
  unclear
)
SELECT
  t.session_id,
  'todo',
  COUNT_BIG(*),
  SUM(0),
  MAX(0),
  SUM(
    1 * COALESCE(CAST(DATALENGTH(t.[content]) AS BIGINT) + 1, 0) + 3 * COALESCE(t.[position] % 1000003 + 1000004, 0) + 5 * COALESCE(CAST(DATALENGTH(t.[priority]) AS BIGINT) + 1, 0) + 7 * COALESCE(CAST(DATALENGTH(t.[session_id]) AS BIGINT) + 1, 0) + 9 * COALESCE(CAST(DATALENGTH(t.[status]) AS BIGINT) + 1, 0) + 11 * COALESCE(t.[time_created] % 1000003 + 1000004, 0) + 13 * COALESCE(t.[time_updated] % 1000003 + 1000004, 0)
  ),
  MAX(CASE WHEN t.time_updated >= 1000000000000 THEN t.time_updated END),
  0
FROM todo AS t
GROUP BY
  t.session_id;

-- session_share, by its session_id.
INSERT INTO #lc_usage (
  id,
  name,
  tally,
  bytes,
  largest,
  checksum,
  newest,
  unclear
)
SELECT
  t.session_id,
  'session_share',
  COUNT_BIG(*),
  SUM(0),
  MAX(0),
  SUM(
    1 * COALESCE(CAST(DATALENGTH(t.[id]) AS BIGINT) + 1, 0) + 3 * COALESCE(CAST(DATALENGTH(t.[secret]) AS BIGINT) + 1, 0) + 5 * COALESCE(CAST(DATALENGTH(t.[session_id]) AS BIGINT) + 1, 0) + 7 * COALESCE(t.[time_created] % 1000003 + 1000004, 0) + 9 * COALESCE(t.[time_updated] % 1000003 + 1000004, 0) + 11 * COALESCE(CAST(DATALENGTH(t.[url]) AS BIGINT) + 1, 0)
  ),
  MAX(CASE WHEN t.time_updated >= 1000000000000 THEN t.time_updated END),
  0
FROM session_share AS t
GROUP BY
  t.session_id;

-- session_message, by its session_id.
INSERT INTO #lc_usage (
  id,
  name,
  tally,
  bytes,
  largest,
  checksum,
  newest,
  unclear
)
SELECT
  t.session_id,
  'session_message',
  COUNT_BIG(*),
  SUM(COALESCE(CAST(DATALENGTH(t.data) AS BIGINT), 0)),
  MAX(COALESCE(CAST(DATALENGTH(t.data) AS BIGINT), 0)),
  SUM(
    1 * COALESCE(CAST(DATALENGTH(t.[data]) AS BIGINT) + 1, 0) + 3 * COALESCE(CAST(DATALENGTH(t.[id]) AS BIGINT) + 1, 0) + 5 * COALESCE(t.[seq] % 1000003 + 1000004, 0) + 7 * COALESCE(CAST(DATALENGTH(t.[session_id]) AS BIGINT) + 1, 0) + 9 * COALESCE(t.[time_created] % 1000003 + 1000004, 0) + 11 * COALESCE(t.[time_updated] % 1000003 + 1000004, 0) + 13 * COALESCE(CAST(DATALENGTH(t.[type]) AS BIGINT) + 1, 0)
  ),
  MAX(CASE WHEN t.time_updated >= 1000000000000 THEN t.time_updated END),
  SUM(CASE WHEN CASE WHEN t.time_updated >= 1000000000000 THEN t.time_updated END IS NULL THEN 1 ELSE 0 END)
FROM session_message AS t
GROUP BY
  t.session_id;

-- session_input, by its session_id.
INSERT INTO #lc_usage (
  id,
  name,
  tally,
  bytes,
  largest,
  checksum,
  newest,
  unclear
)
SELECT
  t.session_id,
  'session_input',
  COUNT_BIG(*),
  SUM(0),
  MAX(0),
  SUM(
    1 * COALESCE(t.[admitted_seq] % 1000003 + 1000004, 0) + 3 * COALESCE(CAST(DATALENGTH(t.[delivery]) AS BIGINT) + 1, 0) + 5 * COALESCE(CAST(DATALENGTH(t.[id]) AS BIGINT) + 1, 0) + 7 * COALESCE(t.[promoted_seq] % 1000003 + 1000004, 0) + 9 * COALESCE(CAST(DATALENGTH(t.[prompt]) AS BIGINT) + 1, 0) + 11 * COALESCE(CAST(DATALENGTH(t.[session_id]) AS BIGINT) + 1, 0) + 13 * COALESCE(t.[time_created] % 1000003 + 1000004, 0)
  ),
  MAX(CASE WHEN t.time_created >= 1000000000000 THEN t.time_created END),
  0
FROM session_input AS t
GROUP BY
  t.session_id;

-- session_context_epoch, by its session_id.
INSERT INTO #lc_usage (
  id,
  name,
  tally,
  bytes,
  largest,
  checksum,
  newest,
  unclear
)
SELECT
  t.session_id,
  'session_context_epoch',
  COUNT_BIG(*),
  SUM(0),
  MAX(0),
  SUM(
    1 * COALESCE(CAST(DATALENGTH(t.[baseline]) AS BIGINT) + 1, 0) + 3 * COALESCE(t.[baseline_seq] % 1000003 + 1000004, 0) + 5 * COALESCE(CAST(DATALENGTH(t.[session_id]) AS BIGINT) + 1, 0) + 7 * COALESCE(CAST(DATALENGTH(t.[snapshot]) AS BIGINT) + 1, 0)
  ),
  NULL,
  0
FROM session_context_epoch AS t
GROUP BY
  t.session_id;

-- event, by its aggregate_id.
INSERT INTO #lc_usage (
  id,
  name,
  tally,
  bytes,
  largest,
  checksum,
  newest,
  unclear
)
SELECT
  t.aggregate_id,
  'event',
  COUNT_BIG(*),
  SUM(COALESCE(CAST(DATALENGTH(t.data) AS BIGINT), 0)),
  MAX(COALESCE(CAST(DATALENGTH(t.data) AS BIGINT), 0)),
  0,
  NULL,
  0
FROM event AS t
GROUP BY
  t.aggregate_id;

-- event_sequence, by its aggregate_id.
INSERT INTO #lc_usage (
  id,
  name,
  tally,
  bytes,
  largest,
  checksum,
  newest,
  unclear
)
SELECT
  t.aggregate_id,
  'event_sequence',
  COUNT_BIG(*),
  SUM(0),
  MAX(0),
  SUM(
    1 * COALESCE(CAST(DATALENGTH(t.[aggregate_id]) AS BIGINT) + 1, 0) + 3 * COALESCE(CAST(DATALENGTH(t.[owner_id]) AS BIGINT) + 1, 0) + 5 * COALESCE(t.[seq] % 1000003 + 1000004, 0)
  ),
  NULL,
  0
FROM event_sequence AS t
GROUP BY
  t.aggregate_id;

-- session, by its id.
INSERT INTO #lc_usage (
  id,
  name,
  tally,
  bytes,
  largest,
  checksum,
  newest,
  unclear
)
SELECT
  t.id,
  'session',
  COUNT_BIG(*),
  SUM(
    COALESCE(CAST(DATALENGTH(t.summary_diffs) AS BIGINT), 0) + COALESCE(CAST(DATALENGTH(t.metadata) AS BIGINT), 0) + COALESCE(CAST(DATALENGTH(t.[revert]) AS BIGINT), 0) + COALESCE(CAST(DATALENGTH(t.permission) AS BIGINT), 0) + COALESCE(CAST(DATALENGTH(t.model) AS BIGINT), 0)
  ),
  MAX(
    COALESCE(CAST(DATALENGTH(t.summary_diffs) AS BIGINT), 0) + COALESCE(CAST(DATALENGTH(t.metadata) AS BIGINT), 0) + COALESCE(CAST(DATALENGTH(t.[revert]) AS BIGINT), 0) + COALESCE(CAST(DATALENGTH(t.permission) AS BIGINT), 0) + COALESCE(CAST(DATALENGTH(t.model) AS BIGINT), 0)
  ),
  SUM(
    1 * COALESCE(CAST(DATALENGTH(t.[agent]) AS BIGINT) + 1, 0) + 3 * CASE
      WHEN t.[cost] IS NULL
      THEN 0
      WHEN ABS(t.[cost]) < 1000000000000
      THEN CAST(t.[cost] * 1000000 AS BIGINT) % 1000003 + 1000004
      ELSE 1
    END + 5 * COALESCE(CAST(DATALENGTH(t.[directory]) AS BIGINT) + 1, 0) + 7 * COALESCE(CAST(DATALENGTH(t.[id]) AS BIGINT) + 1, 0) + 9 * COALESCE(CAST(DATALENGTH(t.[metadata]) AS BIGINT) + 1, 0) + 11 * COALESCE(CAST(DATALENGTH(t.[model]) AS BIGINT) + 1, 0) + 13 * COALESCE(CAST(DATALENGTH(t.[parent_id]) AS BIGINT) + 1, 0) + 15 * COALESCE(CAST(DATALENGTH(t.[path]) AS BIGINT) + 1, 0) + 17 * COALESCE(CAST(DATALENGTH(t.[permission]) AS BIGINT) + 1, 0) + 19 * COALESCE(CAST(DATALENGTH(t.[project_id]) AS BIGINT) + 1, 0) + 21 * COALESCE(CAST(DATALENGTH(t.[revert]) AS BIGINT) + 1, 0) + 23 * COALESCE(CAST(DATALENGTH(t.[share_url]) AS BIGINT) + 1, 0) + 25 * COALESCE(CAST(DATALENGTH(t.[slug]) AS BIGINT) + 1, 0) + 27 * COALESCE(t.[summary_additions] % 1000003 + 1000004, 0) + 29 * COALESCE(t.[summary_deletions] % 1000003 + 1000004, 0) + 31 * COALESCE(CAST(DATALENGTH(t.[summary_diffs]) AS BIGINT) + 1, 0) + 33 * COALESCE(t.[summary_files] % 1000003 + 1000004, 0) + 35 * COALESCE(t.[time_archived] % 1000003 + 1000004, 0) + 37 * COALESCE(t.[time_compacting] % 1000003 + 1000004, 0) + 39 * COALESCE(t.[time_created] % 1000003 + 1000004, 0) + 41 * COALESCE(t.[time_updated] % 1000003 + 1000004, 0) + 43 * COALESCE(CAST(DATALENGTH(t.[title]) AS BIGINT) + 1, 0) + 45 * COALESCE(t.[tokens_cache_read] % 1000003 + 1000004, 0) + 47 * COALESCE(t.[tokens_cache_write] % 1000003 + 1000004, 0) + 49 * COALESCE(t.[tokens_input] % 1000003 + 1000004, 0) + 51 * COALESCE(t.[tokens_output] % 1000003 + 1000004, 0) + 53 * COALESCE(t.[tokens_reasoning] % 1000003 + 1000004, 0) + 55 * COALESCE(CAST(DATALENGTH(t.[version]) AS BIGINT) + 1, 0) + 57 * COALESCE(CAST(DATALENGTH(t.[workspace_id]) AS BIGINT) + 1, 0)
  ),
  MAX(CASE WHEN t.time_updated >= 1000000000000 THEN t.time_updated END),
  SUM(CASE WHEN CASE WHEN t.time_updated >= 1000000000000 THEN t.time_updated END IS NULL THEN 1 ELSE 0 END)
FROM session AS t
GROUP BY
  t.id;
