-- part: a row belongs to the session of its message.
INSERT INTO lc_usage (
  id,
  name,
  tally,
  bytes,
  weight,
  newest,
  unclear
)
SELECT
  owner.session_id,
  'part',
  COUNT(*),
  SUM(COALESCE(OCTET_LENGTH(t.data), 0)),
  SUM(
    1 * COALESCE(OCTET_LENGTH(CAST(t."data" AS TEXT)) + 1, 0) + 3 * COALESCE(OCTET_LENGTH(CAST(t."id" AS TEXT)) + 1, 0) + 5 * COALESCE(OCTET_LENGTH(CAST(t."message_id" AS TEXT)) + 1, 0) + 7 * COALESCE(OCTET_LENGTH(CAST(t."session_id" AS TEXT)) + 1, 0) + 9 * COALESCE(t."time_created" % 1000003 + 1000004, 0) + 11 * COALESCE(t."time_updated" % 1000003 + 1000004, 0)
  ),
  MAX(CASE WHEN t.time_updated >= 1000000000000 THEN t.time_updated END),
  0
FROM message AS owner
JOIN part AS t
  ON t.message_id = owner.id
GROUP BY
  owner.session_id;

-- part without its message: it belongs to the session it names itself.
INSERT INTO lc_alone (
  id,
  name,
  tally,
  bytes,
  weight,
  newest,
  unclear
)
SELECT
  t.session_id,
  'part',
  COUNT(*),
  SUM(COALESCE(OCTET_LENGTH(t.data), 0)),
  SUM(
    1 * COALESCE(OCTET_LENGTH(CAST(t."data" AS TEXT)) + 1, 0) + 3 * COALESCE(OCTET_LENGTH(CAST(t."id" AS TEXT)) + 1, 0) + 5 * COALESCE(OCTET_LENGTH(CAST(t."message_id" AS TEXT)) + 1, 0) + 7 * COALESCE(OCTET_LENGTH(CAST(t."session_id" AS TEXT)) + 1, 0) + 9 * COALESCE(t."time_created" % 1000003 + 1000004, 0) + 11 * COALESCE(t."time_updated" % 1000003 + 1000004, 0)
  ),
  MAX(CASE WHEN t.time_updated >= 1000000000000 THEN t.time_updated END),
  0
FROM part AS t
WHERE
  NOT EXISTS(
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
  weight,
  newest,
  unclear
)
SELECT
  a.id,
  a.name,
  a.tally,
  a.bytes,
  a.weight,
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
  weight,
  newest,
  unclear
)
SELECT
  t.session_id,
  'message',
  COUNT(*),
  SUM(COALESCE(OCTET_LENGTH(t.data), 0)),
  SUM(
    1 * COALESCE(OCTET_LENGTH(CAST(t."data" AS TEXT)) + 1, 0) + 3 * COALESCE(OCTET_LENGTH(CAST(t."id" AS TEXT)) + 1, 0) + 5 * COALESCE(OCTET_LENGTH(CAST(t."session_id" AS TEXT)) + 1, 0) + 7 * COALESCE(t."time_created" % 1000003 + 1000004, 0) + 9 * COALESCE(t."time_updated" % 1000003 + 1000004, 0)
  ),
  MAX(CASE WHEN t.time_updated >= 1000000000000 THEN t.time_updated END),
  SUM(CASE WHEN CASE WHEN t.time_updated >= 1000000000000 THEN t.time_updated END IS NULL THEN 1 ELSE 0 END)
FROM message AS t
GROUP BY
  t.session_id;

-- todo, by its session_id.
INSERT INTO lc_usage (
  id,
  name,
  tally,
  bytes,
  weight,
  newest,
  unclear
)
SELECT
  t.session_id,
  'todo',
  COUNT(*),
  SUM(0),
  SUM(
    1 * COALESCE(OCTET_LENGTH(CAST(t."content" AS TEXT)) + 1, 0) + 3 * COALESCE(t."position" % 1000003 + 1000004, 0) + 5 * COALESCE(OCTET_LENGTH(CAST(t."priority" AS TEXT)) + 1, 0) + 7 * COALESCE(OCTET_LENGTH(CAST(t."session_id" AS TEXT)) + 1, 0) + 9 * COALESCE(OCTET_LENGTH(CAST(t."status" AS TEXT)) + 1, 0) + 11 * COALESCE(t."time_created" % 1000003 + 1000004, 0) + 13 * COALESCE(t."time_updated" % 1000003 + 1000004, 0)
  ),
  MAX(CASE WHEN t.time_updated >= 1000000000000 THEN t.time_updated END),
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
  weight,
  newest,
  unclear
)
SELECT
  t.session_id,
  'session_share',
  COUNT(*),
  SUM(0),
  SUM(
    1 * COALESCE(OCTET_LENGTH(CAST(t."id" AS TEXT)) + 1, 0) + 3 * COALESCE(OCTET_LENGTH(CAST(t."secret" AS TEXT)) + 1, 0) + 5 * COALESCE(OCTET_LENGTH(CAST(t."session_id" AS TEXT)) + 1, 0) + 7 * COALESCE(t."time_created" % 1000003 + 1000004, 0) + 9 * COALESCE(t."time_updated" % 1000003 + 1000004, 0) + 11 * COALESCE(OCTET_LENGTH(CAST(t."url" AS TEXT)) + 1, 0)
  ),
  MAX(CASE WHEN t.time_updated >= 1000000000000 THEN t.time_updated END),
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
  weight,
  newest,
  unclear
)
SELECT
  t.session_id,
  'session_message',
  COUNT(*),
  SUM(COALESCE(OCTET_LENGTH(t.data), 0)),
  SUM(
    1 * COALESCE(OCTET_LENGTH(CAST(t."data" AS TEXT)) + 1, 0) + 3 * COALESCE(OCTET_LENGTH(CAST(t."id" AS TEXT)) + 1, 0) + 5 * COALESCE(t."seq" % 1000003 + 1000004, 0) + 7 * COALESCE(OCTET_LENGTH(CAST(t."session_id" AS TEXT)) + 1, 0) + 9 * COALESCE(t."time_created" % 1000003 + 1000004, 0) + 11 * COALESCE(t."time_updated" % 1000003 + 1000004, 0) + 13 * COALESCE(OCTET_LENGTH(CAST(t."type" AS TEXT)) + 1, 0)
  ),
  MAX(CASE WHEN t.time_updated >= 1000000000000 THEN t.time_updated END),
  SUM(CASE WHEN CASE WHEN t.time_updated >= 1000000000000 THEN t.time_updated END IS NULL THEN 1 ELSE 0 END)
FROM session_message AS t
GROUP BY
  t.session_id;

-- session_pending, by its session_id.
INSERT INTO lc_usage (
  id,
  name,
  tally,
  bytes,
  weight,
  newest,
  unclear
)
SELECT
  t.session_id,
  'session_pending',
  COUNT(*),
  SUM(0),
  SUM(
    1 * COALESCE(t."admitted_seq" % 1000003 + 1000004, 0) + 3 * COALESCE(OCTET_LENGTH(CAST(t."data" AS TEXT)) + 1, 0) + 5 * COALESCE(OCTET_LENGTH(CAST(t."delivery" AS TEXT)) + 1, 0) + 7 * COALESCE(OCTET_LENGTH(CAST(t."id" AS TEXT)) + 1, 0) + 9 * COALESCE(OCTET_LENGTH(CAST(t."session_id" AS TEXT)) + 1, 0) + 11 * COALESCE(t."time_created" % 1000003 + 1000004, 0) + 13 * COALESCE(OCTET_LENGTH(CAST(t."type" AS TEXT)) + 1, 0)
  ),
  MAX(CASE WHEN t.time_created >= 1000000000000 THEN t.time_created END),
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
  weight,
  newest,
  unclear
)
SELECT
  t.session_id,
  'session_inbox',
  COUNT(*),
  SUM(0),
  SUM(
    1 * COALESCE(OCTET_LENGTH(CAST(t."delivery" AS TEXT)) + 1, 0) + 3 * COALESCE(t."enqueued_seq" % 1000003 + 1000004, 0) + 5 * COALESCE(OCTET_LENGTH(CAST(t."id" AS TEXT)) + 1, 0) + 7 * COALESCE(OCTET_LENGTH(CAST(t."payload" AS TEXT)) + 1, 0) + 9 * COALESCE(OCTET_LENGTH(CAST(t."session_id" AS TEXT)) + 1, 0) + 11 * COALESCE(t."time_created" % 1000003 + 1000004, 0) + 13 * COALESCE(OCTET_LENGTH(CAST(t."type" AS TEXT)) + 1, 0)
  ),
  MAX(CASE WHEN t.time_created >= 1000000000000 THEN t.time_created END),
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
  weight,
  newest,
  unclear
)
SELECT
  t.session_id,
  'instruction_entry',
  COUNT(*),
  SUM(0),
  SUM(
    1 * COALESCE(OCTET_LENGTH(CAST(t."key" AS TEXT)) + 1, 0) + 3 * COALESCE(t."removed" % 1000003 + 1000004, 0) + 5 * COALESCE(OCTET_LENGTH(CAST(t."session_id" AS TEXT)) + 1, 0) + 7 * COALESCE(t."time_created" % 1000003 + 1000004, 0) + 9 * COALESCE(t."time_updated" % 1000003 + 1000004, 0) + 11 * COALESCE(OCTET_LENGTH(CAST(t."value" AS TEXT)) + 1, 0)
  ),
  MAX(CASE WHEN t.time_updated >= 1000000000000 THEN t.time_updated END),
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
  weight,
  newest,
  unclear
)
SELECT
  t.session_id,
  'instruction_state',
  COUNT(*),
  SUM(0),
  SUM(
    1 * COALESCE(OCTET_LENGTH(CAST(t."current_values" AS TEXT)) + 1, 0) + 3 * COALESCE(t."epoch_start" % 1000003 + 1000004, 0) + 5 * COALESCE(OCTET_LENGTH(CAST(t."initial_values" AS TEXT)) + 1, 0) + 7 * COALESCE(OCTET_LENGTH(CAST(t."session_id" AS TEXT)) + 1, 0) + 9 * COALESCE(t."through_seq" % 1000003 + 1000004, 0)
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
  weight,
  newest,
  unclear
)
SELECT
  t.aggregate_id,
  'event',
  COUNT(*),
  SUM(COALESCE(OCTET_LENGTH(t.data), 0)),
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
  weight,
  newest,
  unclear
)
SELECT
  t.aggregate_id,
  'event_sequence',
  COUNT(*),
  SUM(0),
  SUM(
    1 * COALESCE(OCTET_LENGTH(CAST(t."aggregate_id" AS TEXT)) + 1, 0) + 3 * COALESCE(OCTET_LENGTH(CAST(t."owner_id" AS TEXT)) + 1, 0) + 5 * COALESCE(t."seq" % 1000003 + 1000004, 0)
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
  weight,
  newest,
  unclear
)
SELECT
  t.id,
  'session_v2',
  COUNT(*),
  SUM(
    COALESCE(OCTET_LENGTH(t.summary_diffs), 0) + COALESCE(OCTET_LENGTH(t.metadata), 0) + COALESCE(OCTET_LENGTH(t.revert), 0) + COALESCE(OCTET_LENGTH(t.permission), 0) + COALESCE(OCTET_LENGTH(t.model), 0)
  ),
  SUM(
    1 * COALESCE(OCTET_LENGTH(CAST(t."agent" AS TEXT)) + 1, 0) + 3 * CASE
      WHEN t."cost" IS NULL
      THEN 0
      WHEN ABS(t."cost") < 1000000000000
      THEN CAST(t."cost" * 1000000 AS BIGINT) % 1000003 + 1000004
      ELSE 1
    END + 5 * COALESCE(OCTET_LENGTH(CAST(t."directory" AS TEXT)) + 1, 0) + 7 * COALESCE(OCTET_LENGTH(CAST(t."fork_boundary" AS TEXT)) + 1, 0) + 9 * COALESCE(OCTET_LENGTH(CAST(t."fork_session_id" AS TEXT)) + 1, 0) + 11 * COALESCE(OCTET_LENGTH(CAST(t."id" AS TEXT)) + 1, 0) + 13 * COALESCE(OCTET_LENGTH(CAST(t."idle_outcome" AS TEXT)) + 1, 0) + 15 * COALESCE(OCTET_LENGTH(CAST(t."metadata" AS TEXT)) + 1, 0) + 17 * COALESCE(OCTET_LENGTH(CAST(t."model" AS TEXT)) + 1, 0) + 19 * COALESCE(OCTET_LENGTH(CAST(t."parent_id" AS TEXT)) + 1, 0) + 21 * COALESCE(OCTET_LENGTH(CAST(t."path" AS TEXT)) + 1, 0) + 23 * COALESCE(OCTET_LENGTH(CAST(t."permission" AS TEXT)) + 1, 0) + 25 * COALESCE(OCTET_LENGTH(CAST(t."project_id" AS TEXT)) + 1, 0) + 27 * COALESCE(t."resume_attempts" % 1000003 + 1000004, 0) + 29 * COALESCE(OCTET_LENGTH(CAST(t."revert" AS TEXT)) + 1, 0) + 31 * COALESCE(OCTET_LENGTH(CAST(t."share_url" AS TEXT)) + 1, 0) + 33 * COALESCE(OCTET_LENGTH(CAST(t."slug" AS TEXT)) + 1, 0) + 35 * COALESCE(t."summary_additions" % 1000003 + 1000004, 0) + 37 * COALESCE(t."summary_deletions" % 1000003 + 1000004, 0) + 39 * COALESCE(OCTET_LENGTH(CAST(t."summary_diffs" AS TEXT)) + 1, 0) + 41 * COALESCE(t."summary_files" % 1000003 + 1000004, 0) + 43 * COALESCE(t."time_archived" % 1000003 + 1000004, 0) + 45 * COALESCE(t."time_compacting" % 1000003 + 1000004, 0) + 47 * COALESCE(t."time_created" % 1000003 + 1000004, 0) + 49 * COALESCE(t."time_idle" % 1000003 + 1000004, 0) + 51 * COALESCE(t."time_suspended" % 1000003 + 1000004, 0) + 53 * COALESCE(t."time_updated" % 1000003 + 1000004, 0) + 55 * COALESCE(t."time_viewed" % 1000003 + 1000004, 0) + 57 * COALESCE(OCTET_LENGTH(CAST(t."title" AS TEXT)) + 1, 0) + 59 * COALESCE(t."tokens_cache_read" % 1000003 + 1000004, 0) + 61 * COALESCE(t."tokens_cache_write" % 1000003 + 1000004, 0) + 63 * COALESCE(t."tokens_input" % 1000003 + 1000004, 0) + 65 * COALESCE(t."tokens_output" % 1000003 + 1000004, 0) + 67 * COALESCE(t."tokens_reasoning" % 1000003 + 1000004, 0) + 69 * COALESCE(OCTET_LENGTH(CAST(t."version" AS TEXT)) + 1, 0) + 71 * COALESCE(OCTET_LENGTH(CAST(t."workspace_id" AS TEXT)) + 1, 0)
  ),
  MAX(CASE WHEN t.time_updated >= 1000000000000 THEN t.time_updated END),
  SUM(CASE WHEN CASE WHEN t.time_updated >= 1000000000000 THEN t.time_updated END IS NULL THEN 1 ELSE 0 END)
FROM session_v2 AS t
GROUP BY
  t.id;

-- session, by its id.
INSERT INTO lc_usage (
  id,
  name,
  tally,
  bytes,
  weight,
  newest,
  unclear
)
SELECT
  t.id,
  'session',
  COUNT(*),
  SUM(
    COALESCE(OCTET_LENGTH(t.summary_diffs), 0) + COALESCE(OCTET_LENGTH(t.metadata), 0) + COALESCE(OCTET_LENGTH(t.revert), 0) + COALESCE(OCTET_LENGTH(t.permission), 0) + COALESCE(OCTET_LENGTH(t.model), 0)
  ),
  SUM(
    1 * COALESCE(OCTET_LENGTH(CAST(t."agent" AS TEXT)) + 1, 0) + 3 * CASE
      WHEN t."cost" IS NULL
      THEN 0
      WHEN ABS(t."cost") < 1000000000000
      THEN CAST(t."cost" * 1000000 AS BIGINT) % 1000003 + 1000004
      ELSE 1
    END + 5 * COALESCE(OCTET_LENGTH(CAST(t."directory" AS TEXT)) + 1, 0) + 7 * COALESCE(OCTET_LENGTH(CAST(t."id" AS TEXT)) + 1, 0) + 9 * COALESCE(OCTET_LENGTH(CAST(t."metadata" AS TEXT)) + 1, 0) + 11 * COALESCE(OCTET_LENGTH(CAST(t."model" AS TEXT)) + 1, 0) + 13 * COALESCE(OCTET_LENGTH(CAST(t."parent_id" AS TEXT)) + 1, 0) + 15 * COALESCE(OCTET_LENGTH(CAST(t."path" AS TEXT)) + 1, 0) + 17 * COALESCE(OCTET_LENGTH(CAST(t."permission" AS TEXT)) + 1, 0) + 19 * COALESCE(OCTET_LENGTH(CAST(t."project_id" AS TEXT)) + 1, 0) + 21 * COALESCE(OCTET_LENGTH(CAST(t."revert" AS TEXT)) + 1, 0) + 23 * COALESCE(OCTET_LENGTH(CAST(t."share_url" AS TEXT)) + 1, 0) + 25 * COALESCE(OCTET_LENGTH(CAST(t."slug" AS TEXT)) + 1, 0) + 27 * COALESCE(t."summary_additions" % 1000003 + 1000004, 0) + 29 * COALESCE(t."summary_deletions" % 1000003 + 1000004, 0) + 31 * COALESCE(OCTET_LENGTH(CAST(t."summary_diffs" AS TEXT)) + 1, 0) + 33 * COALESCE(t."summary_files" % 1000003 + 1000004, 0) + 35 * COALESCE(t."time_archived" % 1000003 + 1000004, 0) + 37 * COALESCE(t."time_compacting" % 1000003 + 1000004, 0) + 39 * COALESCE(t."time_created" % 1000003 + 1000004, 0) + 41 * COALESCE(t."time_updated" % 1000003 + 1000004, 0) + 43 * COALESCE(OCTET_LENGTH(CAST(t."title" AS TEXT)) + 1, 0) + 45 * COALESCE(t."tokens_cache_read" % 1000003 + 1000004, 0) + 47 * COALESCE(t."tokens_cache_write" % 1000003 + 1000004, 0) + 49 * COALESCE(t."tokens_input" % 1000003 + 1000004, 0) + 51 * COALESCE(t."tokens_output" % 1000003 + 1000004, 0) + 53 * COALESCE(t."tokens_reasoning" % 1000003 + 1000004, 0) + 55 * COALESCE(OCTET_LENGTH(CAST(t."version" AS TEXT)) + 1, 0) + 57 * COALESCE(OCTET_LENGTH(CAST(t."workspace_id" AS TEXT)) + 1, 0)
  ),
  MAX(CASE WHEN t.time_updated >= 1000000000000 THEN t.time_updated END),
  SUM(CASE WHEN CASE WHEN t.time_updated >= 1000000000000 THEN t.time_updated END IS NULL THEN 1 ELSE 0 END)
FROM session AS t
GROUP BY
  t.id;
