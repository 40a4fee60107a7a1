-- part: a row belongs to the session of its message.
INSERT INTO lc_usage (
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
  COUNT(*),
  SUM(COALESCE(LENGTH(CAST(t.data AS BLOB)), 0)),
  MAX(COALESCE(LENGTH(CAST(t.data AS BLOB)), 0)),
  SUM(
    1 * COALESCE(LENGTH(CAST(t."data" AS BLOB)) + 1, 0) + 3 * COALESCE(LENGTH(CAST(t."id" AS BLOB)) + 1, 0) + 5 * COALESCE(LENGTH(CAST(t."message_id" AS BLOB)) + 1, 0) + 7 * COALESCE(LENGTH(CAST(t."session_id" AS BLOB)) + 1, 0) + 9 * COALESCE(t."time_created" % 1000003 + 1000004, 0) + 11 * COALESCE(t."time_updated" % 1000003 + 1000004, 0)
  ),
  MAX(CASE WHEN TYPEOF(t.time_updated) = 'integer' AND t.time_updated >= 1000000000000 THEN t.time_updated END),
  0
FROM message AS owner
JOIN part AS t
  ON t.message_id = owner.id
GROUP BY
  owner.session_id;

-- part without its message: it belongs to the session it names itself. Where as many came with one as
-- there are, no row is looked at.
INSERT INTO lc_alone (
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
  COUNT(*),
  SUM(COALESCE(LENGTH(CAST(t.data AS BLOB)), 0)),
  MAX(COALESCE(LENGTH(CAST(t.data AS BLOB)), 0)),
  SUM(
    1 * COALESCE(LENGTH(CAST(t."data" AS BLOB)) + 1, 0) + 3 * COALESCE(LENGTH(CAST(t."id" AS BLOB)) + 1, 0) + 5 * COALESCE(LENGTH(CAST(t."message_id" AS BLOB)) + 1, 0) + 7 * COALESCE(LENGTH(CAST(t."session_id" AS BLOB)) + 1, 0) + 9 * COALESCE(t."time_created" % 1000003 + 1000004, 0) + 11 * COALESCE(t."time_updated" % 1000003 + 1000004, 0)
  ),
  MAX(CASE WHEN TYPEOF(t.time_updated) = 'integer' AND t.time_updated >= 1000000000000 THEN t.time_updated END),
  0
FROM part AS t
WHERE
  (
    SELECT
      COUNT(*)
    FROM part
  ) > (
    SELECT
      COALESCE(SUM(u.tally), 0)
    FROM lc_usage AS u
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

INSERT INTO lc_usage (
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
FROM lc_alone AS a
WHERE
  a.name = 'part';

-- message, by its session_id.
INSERT INTO lc_usage (
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
  COUNT(*),
  SUM(COALESCE(LENGTH(CAST(t.data AS BLOB)), 0)),
  MAX(COALESCE(LENGTH(CAST(t.data AS BLOB)), 0)),
  SUM(
    1 * COALESCE(LENGTH(CAST(t."data" AS BLOB)) + 1, 0) + 3 * COALESCE(LENGTH(CAST(t."id" AS BLOB)) + 1, 0) + 5 * COALESCE(LENGTH(CAST(t."session_id" AS BLOB)) + 1, 0) + 7 * COALESCE(t."time_created" % 1000003 + 1000004, 0) + 9 * COALESCE(t."time_updated" % 1000003 + 1000004, 0)
  ),
  MAX(CASE WHEN TYPEOF(t.time_updated) = 'integer' AND t.time_updated >= 1000000000000 THEN t.time_updated END),
  SUM(
    CASE
      WHEN CASE WHEN TYPEOF(t.time_updated) = 'integer' AND t.time_updated >= 1000000000000 THEN t.time_updated END IS NULL
      THEN 1
      ELSE 0
    END
  )
FROM message AS t
GROUP BY
  t.session_id;

-- todo, by its session_id.
INSERT INTO lc_usage (
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
  COUNT(*),
  SUM(0),
  MAX(0),
  SUM(
    1 * COALESCE(LENGTH(CAST(t."content" AS BLOB)) + 1, 0) + 3 * COALESCE(t."position" % 1000003 + 1000004, 0) + 5 * COALESCE(LENGTH(CAST(t."priority" AS BLOB)) + 1, 0) + 7 * COALESCE(LENGTH(CAST(t."session_id" AS BLOB)) + 1, 0) + 9 * COALESCE(LENGTH(CAST(t."status" AS BLOB)) + 1, 0) + 11 * COALESCE(t."time_created" % 1000003 + 1000004, 0) + 13 * COALESCE(t."time_updated" % 1000003 + 1000004, 0)
  ),
  MAX(CASE WHEN TYPEOF(t.time_updated) = 'integer' AND t.time_updated >= 1000000000000 THEN t.time_updated END),
  0
FROM todo AS t
GROUP BY
  t.session_id;

-- session_share, by its session_id.
INSERT INTO lc_usage (
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
  COUNT(*),
  SUM(0),
  MAX(0),
  SUM(
    1 * COALESCE(LENGTH(CAST(t."id" AS BLOB)) + 1, 0) + 3 * COALESCE(LENGTH(CAST(t."secret" AS BLOB)) + 1, 0) + 5 * COALESCE(LENGTH(CAST(t."session_id" AS BLOB)) + 1, 0) + 7 * COALESCE(t."time_created" % 1000003 + 1000004, 0) + 9 * COALESCE(t."time_updated" % 1000003 + 1000004, 0) + 11 * COALESCE(LENGTH(CAST(t."url" AS BLOB)) + 1, 0)
  ),
  MAX(CASE WHEN TYPEOF(t.time_updated) = 'integer' AND t.time_updated >= 1000000000000 THEN t.time_updated END),
  0
FROM session_share AS t
GROUP BY
  t.session_id;

-- session_message, by its session_id.
INSERT INTO lc_usage (
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
  COUNT(*),
  SUM(COALESCE(LENGTH(CAST(t.data AS BLOB)), 0)),
  MAX(COALESCE(LENGTH(CAST(t.data AS BLOB)), 0)),
  SUM(
    1 * COALESCE(LENGTH(CAST(t."data" AS BLOB)) + 1, 0) + 3 * COALESCE(LENGTH(CAST(t."id" AS BLOB)) + 1, 0) + 5 * COALESCE(t."seq" % 1000003 + 1000004, 0) + 7 * COALESCE(LENGTH(CAST(t."session_id" AS BLOB)) + 1, 0) + 9 * COALESCE(t."time_created" % 1000003 + 1000004, 0) + 11 * COALESCE(t."time_updated" % 1000003 + 1000004, 0) + 13 * COALESCE(LENGTH(CAST(t."type" AS BLOB)) + 1, 0)
  ),
  MAX(CASE WHEN TYPEOF(t.time_updated) = 'integer' AND t.time_updated >= 1000000000000 THEN t.time_updated END),
  SUM(
    CASE
      WHEN CASE WHEN TYPEOF(t.time_updated) = 'integer' AND t.time_updated >= 1000000000000 THEN t.time_updated END IS NULL
      THEN 1
      ELSE 0
    END
  )
FROM session_message AS t
GROUP BY
  t.session_id;

-- session_pending, by its session_id.
INSERT INTO lc_usage (
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
  'session_pending',
  COUNT(*),
  SUM(0),
  MAX(0),
  SUM(
    1 * COALESCE(t."admitted_seq" % 1000003 + 1000004, 0) + 3 * COALESCE(LENGTH(CAST(t."data" AS BLOB)) + 1, 0) + 5 * COALESCE(LENGTH(CAST(t."delivery" AS BLOB)) + 1, 0) + 7 * COALESCE(LENGTH(CAST(t."id" AS BLOB)) + 1, 0) + 9 * COALESCE(LENGTH(CAST(t."session_id" AS BLOB)) + 1, 0) + 11 * COALESCE(t."time_created" % 1000003 + 1000004, 0) + 13 * COALESCE(LENGTH(CAST(t."type" AS BLOB)) + 1, 0)
  ),
  MAX(CASE WHEN TYPEOF(t.time_created) = 'integer' AND t.time_created >= 1000000000000 THEN t.time_created END),
  0
FROM session_pending AS t
GROUP BY
  t.session_id;

-- session_inbox, by its session_id.
INSERT INTO lc_usage (
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
  'session_inbox',
  COUNT(*),
  SUM(0),
  MAX(0),
  SUM(
    1 * COALESCE(LENGTH(CAST(t."delivery" AS BLOB)) + 1, 0) + 3 * COALESCE(t."enqueued_seq" % 1000003 + 1000004, 0) + 5 * COALESCE(LENGTH(CAST(t."id" AS BLOB)) + 1, 0) + 7 * COALESCE(LENGTH(CAST(t."payload" AS BLOB)) + 1, 0) + 9 * COALESCE(LENGTH(CAST(t."session_id" AS BLOB)) + 1, 0) + 11 * COALESCE(t."time_created" % 1000003 + 1000004, 0) + 13 * COALESCE(LENGTH(CAST(t."type" AS BLOB)) + 1, 0)
  ),
  MAX(CASE WHEN TYPEOF(t.time_created) = 'integer' AND t.time_created >= 1000000000000 THEN t.time_created END),
  0
FROM session_inbox AS t
GROUP BY
  t.session_id;

-- instruction_entry, by its session_id.
INSERT INTO lc_usage (
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
  'instruction_entry',
  COUNT(*),
  SUM(0),
  MAX(0),
  SUM(
    1 * COALESCE(LENGTH(CAST(t."key" AS BLOB)) + 1, 0) + 3 * COALESCE(t."removed" % 1000003 + 1000004, 0) + 5 * COALESCE(LENGTH(CAST(t."session_id" AS BLOB)) + 1, 0) + 7 * COALESCE(t."time_created" % 1000003 + 1000004, 0) + 9 * COALESCE(t."time_updated" % 1000003 + 1000004, 0) + 11 * COALESCE(LENGTH(CAST(t."value" AS BLOB)) + 1, 0)
  ),
  MAX(CASE WHEN TYPEOF(t.time_updated) = 'integer' AND t.time_updated >= 1000000000000 THEN t.time_updated END),
  0
FROM instruction_entry AS t
GROUP BY
  t.session_id;

-- instruction_state, by its session_id.
INSERT INTO lc_usage (
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
  'instruction_state',
  COUNT(*),
  SUM(0),
  MAX(0),
  SUM(
    1 * COALESCE(LENGTH(CAST(t."current_values" AS BLOB)) + 1, 0) + 3 * COALESCE(t."epoch_start" % 1000003 + 1000004, 0) + 5 * COALESCE(LENGTH(CAST(t."initial_values" AS BLOB)) + 1, 0) + 7 * COALESCE(LENGTH(CAST(t."session_id" AS BLOB)) + 1, 0) + 9 * COALESCE(t."through_seq" % 1000003 + 1000004, 0)
  ),
  NULL,
  0
FROM instruction_state AS t
GROUP BY
  t.session_id;

-- event, by its aggregate_id.
INSERT INTO lc_usage (
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
  COUNT(*),
  SUM(COALESCE(LENGTH(CAST(t.data AS BLOB)), 0)),
  MAX(COALESCE(LENGTH(CAST(t.data AS BLOB)), 0)),
  0,
  NULL,
  0
FROM event AS t
GROUP BY
  t.aggregate_id;

-- event_sequence, by its aggregate_id.
INSERT INTO lc_usage (
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
  COUNT(*),
  SUM(0),
  MAX(0),
  SUM(
    1 * COALESCE(LENGTH(CAST(t."aggregate_id" AS BLOB)) + 1, 0) + 3 * COALESCE(LENGTH(CAST(t."owner_id" AS BLOB)) + 1, 0) + 5 * COALESCE(t."seq" % 1000003 + 1000004, 0)
  ),
  NULL,
  0
FROM event_sequence AS t
GROUP BY
  t.aggregate_id;

-- session_v2, by its id.
INSERT INTO lc_usage (
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
  'session_v2',
  COUNT(*),
  SUM(
    COALESCE(LENGTH(CAST(t.summary_diffs AS BLOB)), 0) + COALESCE(LENGTH(CAST(t.metadata AS BLOB)), 0) + COALESCE(LENGTH(CAST(t.revert AS BLOB)), 0) + COALESCE(LENGTH(CAST(t.permission AS BLOB)), 0) + COALESCE(LENGTH(CAST(t.model AS BLOB)), 0)
  ),
  MAX(
    COALESCE(LENGTH(CAST(t.summary_diffs AS BLOB)), 0) + COALESCE(LENGTH(CAST(t.metadata AS BLOB)), 0) + COALESCE(LENGTH(CAST(t.revert AS BLOB)), 0) + COALESCE(LENGTH(CAST(t.permission AS BLOB)), 0) + COALESCE(LENGTH(CAST(t.model AS BLOB)), 0)
  ),
  SUM(
    1 * COALESCE(LENGTH(CAST(t."agent" AS BLOB)) + 1, 0) + 3 * CASE
      WHEN t."cost" IS NULL
      THEN 0
      WHEN ABS(t."cost") < 1000000000000
      THEN CAST(t."cost" * 1000000 AS INTEGER) % 1000003 + 1000004
      ELSE 1
    END + 5 * COALESCE(LENGTH(CAST(t."directory" AS BLOB)) + 1, 0) + 7 * COALESCE(LENGTH(CAST(t."fork_boundary" AS BLOB)) + 1, 0) + 9 * COALESCE(LENGTH(CAST(t."fork_session_id" AS BLOB)) + 1, 0) + 11 * COALESCE(LENGTH(CAST(t."id" AS BLOB)) + 1, 0) + 13 * COALESCE(LENGTH(CAST(t."idle_outcome" AS BLOB)) + 1, 0) + 15 * COALESCE(LENGTH(CAST(t."metadata" AS BLOB)) + 1, 0) + 17 * COALESCE(LENGTH(CAST(t."model" AS BLOB)) + 1, 0) + 19 * COALESCE(LENGTH(CAST(t."parent_id" AS BLOB)) + 1, 0) + 21 * COALESCE(LENGTH(CAST(t."path" AS BLOB)) + 1, 0) + 23 * COALESCE(LENGTH(CAST(t."permission" AS BLOB)) + 1, 0) + 25 * COALESCE(LENGTH(CAST(t."project_id" AS BLOB)) + 1, 0) + 27 * COALESCE(t."resume_attempts" % 1000003 + 1000004, 0) + 29 * COALESCE(LENGTH(CAST(t."revert" AS BLOB)) + 1, 0) + 31 * COALESCE(LENGTH(CAST(t."share_url" AS BLOB)) + 1, 0) + 33 * COALESCE(LENGTH(CAST(t."slug" AS BLOB)) + 1, 0) + 35 * COALESCE(t."summary_additions" % 1000003 + 1000004, 0) + 37 * COALESCE(t."summary_deletions" % 1000003 + 1000004, 0) + 39 * COALESCE(LENGTH(CAST(t."summary_diffs" AS BLOB)) + 1, 0) + 41 * COALESCE(t."summary_files" % 1000003 + 1000004, 0) + 43 * COALESCE(t."time_archived" % 1000003 + 1000004, 0) + 45 * COALESCE(t."time_compacting" % 1000003 + 1000004, 0) + 47 * COALESCE(t."time_created" % 1000003 + 1000004, 0) + 49 * COALESCE(t."time_idle" % 1000003 + 1000004, 0) + 51 * COALESCE(t."time_suspended" % 1000003 + 1000004, 0) + 53 * COALESCE(t."time_updated" % 1000003 + 1000004, 0) + 55 * COALESCE(t."time_viewed" % 1000003 + 1000004, 0) + 57 * COALESCE(LENGTH(CAST(t."title" AS BLOB)) + 1, 0) + 59 * COALESCE(t."tokens_cache_read" % 1000003 + 1000004, 0) + 61 * COALESCE(t."tokens_cache_write" % 1000003 + 1000004, 0) + 63 * COALESCE(t."tokens_input" % 1000003 + 1000004, 0) + 65 * COALESCE(t."tokens_output" % 1000003 + 1000004, 0) + 67 * COALESCE(t."tokens_reasoning" % 1000003 + 1000004, 0) + 69 * COALESCE(LENGTH(CAST(t."version" AS BLOB)) + 1, 0) + 71 * COALESCE(LENGTH(CAST(t."workspace_id" AS BLOB)) + 1, 0)
  ),
  MAX(CASE WHEN TYPEOF(t.time_updated) = 'integer' AND t.time_updated >= 1000000000000 THEN t.time_updated END),
  SUM(
    CASE
      WHEN CASE WHEN TYPEOF(t.time_updated) = 'integer' AND t.time_updated >= 1000000000000 THEN t.time_updated END IS NULL
      THEN 1
      ELSE 0
    END
  )
FROM session_v2 AS t
GROUP BY
  t.id;

-- session, by its id.
INSERT INTO lc_usage (
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
  COUNT(*),
  SUM(
    COALESCE(LENGTH(CAST(t.summary_diffs AS BLOB)), 0) + COALESCE(LENGTH(CAST(t.metadata AS BLOB)), 0) + COALESCE(LENGTH(CAST(t.revert AS BLOB)), 0) + COALESCE(LENGTH(CAST(t.permission AS BLOB)), 0) + COALESCE(LENGTH(CAST(t.model AS BLOB)), 0)
  ),
  MAX(
    COALESCE(LENGTH(CAST(t.summary_diffs AS BLOB)), 0) + COALESCE(LENGTH(CAST(t.metadata AS BLOB)), 0) + COALESCE(LENGTH(CAST(t.revert AS BLOB)), 0) + COALESCE(LENGTH(CAST(t.permission AS BLOB)), 0) + COALESCE(LENGTH(CAST(t.model AS BLOB)), 0)
  ),
  SUM(
    1 * COALESCE(LENGTH(CAST(t."agent" AS BLOB)) + 1, 0) + 3 * CASE
      WHEN t."cost" IS NULL
      THEN 0
      WHEN ABS(t."cost") < 1000000000000
      THEN CAST(t."cost" * 1000000 AS INTEGER) % 1000003 + 1000004
      ELSE 1
    END + 5 * COALESCE(LENGTH(CAST(t."directory" AS BLOB)) + 1, 0) + 7 * COALESCE(LENGTH(CAST(t."id" AS BLOB)) + 1, 0) + 9 * COALESCE(LENGTH(CAST(t."metadata" AS BLOB)) + 1, 0) + 11 * COALESCE(LENGTH(CAST(t."model" AS BLOB)) + 1, 0) + 13 * COALESCE(LENGTH(CAST(t."parent_id" AS BLOB)) + 1, 0) + 15 * COALESCE(LENGTH(CAST(t."path" AS BLOB)) + 1, 0) + 17 * COALESCE(LENGTH(CAST(t."permission" AS BLOB)) + 1, 0) + 19 * COALESCE(LENGTH(CAST(t."project_id" AS BLOB)) + 1, 0) + 21 * COALESCE(LENGTH(CAST(t."revert" AS BLOB)) + 1, 0) + 23 * COALESCE(LENGTH(CAST(t."share_url" AS BLOB)) + 1, 0) + 25 * COALESCE(LENGTH(CAST(t."slug" AS BLOB)) + 1, 0) + 27 * COALESCE(t."summary_additions" % 1000003 + 1000004, 0) + 29 * COALESCE(t."summary_deletions" % 1000003 + 1000004, 0) + 31 * COALESCE(LENGTH(CAST(t."summary_diffs" AS BLOB)) + 1, 0) + 33 * COALESCE(t."summary_files" % 1000003 + 1000004, 0) + 35 * COALESCE(t."time_archived" % 1000003 + 1000004, 0) + 37 * COALESCE(t."time_compacting" % 1000003 + 1000004, 0) + 39 * COALESCE(t."time_created" % 1000003 + 1000004, 0) + 41 * COALESCE(t."time_updated" % 1000003 + 1000004, 0) + 43 * COALESCE(LENGTH(CAST(t."title" AS BLOB)) + 1, 0) + 45 * COALESCE(t."tokens_cache_read" % 1000003 + 1000004, 0) + 47 * COALESCE(t."tokens_cache_write" % 1000003 + 1000004, 0) + 49 * COALESCE(t."tokens_input" % 1000003 + 1000004, 0) + 51 * COALESCE(t."tokens_output" % 1000003 + 1000004, 0) + 53 * COALESCE(t."tokens_reasoning" % 1000003 + 1000004, 0) + 55 * COALESCE(LENGTH(CAST(t."version" AS BLOB)) + 1, 0) + 57 * COALESCE(LENGTH(CAST(t."workspace_id" AS BLOB)) + 1, 0)
  ),
  MAX(CASE WHEN TYPEOF(t.time_updated) = 'integer' AND t.time_updated >= 1000000000000 THEN t.time_updated END),
  SUM(
    CASE
      WHEN CASE WHEN TYPEOF(t.time_updated) = 'integer' AND t.time_updated >= 1000000000000 THEN t.time_updated END IS NULL
      THEN 1
      ELSE 0
    END
  )
FROM session AS t
GROUP BY
  t.id;
