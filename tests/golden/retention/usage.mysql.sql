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
    1 * COALESCE(OCTET_LENGTH(t.`data`) + 1, 0) + 3 * COALESCE(OCTET_LENGTH(t.`id`) + 1, 0) + 5 * COALESCE(OCTET_LENGTH(t.`message_id`) + 1, 0) + 7 * COALESCE(OCTET_LENGTH(t.`session_id`) + 1, 0) + 9 * COALESCE(t.`time_created` % 1000003 + 1000004, 0) + 11 * COALESCE(t.`time_updated` % 1000003 + 1000004, 0)
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
    1 * COALESCE(OCTET_LENGTH(t.`data`) + 1, 0) + 3 * COALESCE(OCTET_LENGTH(t.`id`) + 1, 0) + 5 * COALESCE(OCTET_LENGTH(t.`message_id`) + 1, 0) + 7 * COALESCE(OCTET_LENGTH(t.`session_id`) + 1, 0) + 9 * COALESCE(t.`time_created` % 1000003 + 1000004, 0) + 11 * COALESCE(t.`time_updated` % 1000003 + 1000004, 0)
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
    1 * COALESCE(OCTET_LENGTH(t.`data`) + 1, 0) + 3 * COALESCE(OCTET_LENGTH(t.`id`) + 1, 0) + 5 * COALESCE(OCTET_LENGTH(t.`session_id`) + 1, 0) + 7 * COALESCE(t.`time_created` % 1000003 + 1000004, 0) + 9 * COALESCE(t.`time_updated` % 1000003 + 1000004, 0)
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
    1 * COALESCE(OCTET_LENGTH(t.`content`) + 1, 0) + 3 * COALESCE(t.`position` % 1000003 + 1000004, 0) + 5 * COALESCE(OCTET_LENGTH(t.`priority`) + 1, 0) + 7 * COALESCE(OCTET_LENGTH(t.`session_id`) + 1, 0) + 9 * COALESCE(OCTET_LENGTH(t.`status`) + 1, 0) + 11 * COALESCE(t.`time_created` % 1000003 + 1000004, 0) + 13 * COALESCE(t.`time_updated` % 1000003 + 1000004, 0)
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
    1 * COALESCE(OCTET_LENGTH(t.`id`) + 1, 0) + 3 * COALESCE(OCTET_LENGTH(t.`secret`) + 1, 0) + 5 * COALESCE(OCTET_LENGTH(t.`session_id`) + 1, 0) + 7 * COALESCE(t.`time_created` % 1000003 + 1000004, 0) + 9 * COALESCE(t.`time_updated` % 1000003 + 1000004, 0) + 11 * COALESCE(OCTET_LENGTH(t.`url`) + 1, 0)
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
    1 * COALESCE(OCTET_LENGTH(t.`data`) + 1, 0) + 3 * COALESCE(OCTET_LENGTH(t.`id`) + 1, 0) + 5 * COALESCE(t.`seq` % 1000003 + 1000004, 0) + 7 * COALESCE(OCTET_LENGTH(t.`session_id`) + 1, 0) + 9 * COALESCE(t.`time_created` % 1000003 + 1000004, 0) + 11 * COALESCE(t.`time_updated` % 1000003 + 1000004, 0) + 13 * COALESCE(OCTET_LENGTH(t.`type`) + 1, 0)
  ),
  MAX(CASE WHEN t.time_updated >= 1000000000000 THEN t.time_updated END),
  SUM(CASE WHEN CASE WHEN t.time_updated >= 1000000000000 THEN t.time_updated END IS NULL THEN 1 ELSE 0 END)
FROM session_message AS t
GROUP BY
  t.session_id;

-- session_input, by its session_id.
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
  'session_input',
  COUNT(*),
  SUM(0),
  SUM(
    1 * COALESCE(t.`admitted_seq` % 1000003 + 1000004, 0) + 3 * COALESCE(OCTET_LENGTH(t.`delivery`) + 1, 0) + 5 * COALESCE(OCTET_LENGTH(t.`id`) + 1, 0) + 7 * COALESCE(t.`promoted_seq` % 1000003 + 1000004, 0) + 9 * COALESCE(OCTET_LENGTH(t.`prompt`) + 1, 0) + 11 * COALESCE(OCTET_LENGTH(t.`session_id`) + 1, 0) + 13 * COALESCE(t.`time_created` % 1000003 + 1000004, 0)
  ),
  MAX(CASE WHEN t.time_created >= 1000000000000 THEN t.time_created END),
  0
FROM session_input AS t
GROUP BY
  t.session_id;

-- session_context_epoch, by its session_id.
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
  'session_context_epoch',
  COUNT(*),
  SUM(0),
  SUM(
    1 * COALESCE(OCTET_LENGTH(t.`baseline`) + 1, 0) + 3 * COALESCE(t.`baseline_seq` % 1000003 + 1000004, 0) + 5 * COALESCE(OCTET_LENGTH(t.`session_id`) + 1, 0) + 7 * COALESCE(OCTET_LENGTH(t.`snapshot`) + 1, 0)
  ),
  NULL,
  0
FROM session_context_epoch AS t
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
    1 * COALESCE(OCTET_LENGTH(t.`aggregate_id`) + 1, 0) + 3 * COALESCE(OCTET_LENGTH(t.`owner_id`) + 1, 0) + 5 * COALESCE(t.`seq` % 1000003 + 1000004, 0)
  ),
  NULL,
  0
FROM event_sequence AS t
GROUP BY
  t.aggregate_id;

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
    1 * COALESCE(OCTET_LENGTH(t.`agent`) + 1, 0) + 3 * CASE
      WHEN t.`cost` IS NULL
      THEN 0
      WHEN ABS(t.`cost`) < 1000000000000
      THEN CAST(t.`cost` * 1000000 AS SIGNED) % 1000003 + 1000004
      ELSE 1
    END + 5 * COALESCE(OCTET_LENGTH(t.`directory`) + 1, 0) + 7 * COALESCE(OCTET_LENGTH(t.`id`) + 1, 0) + 9 * COALESCE(OCTET_LENGTH(t.`metadata`) + 1, 0) + 11 * COALESCE(OCTET_LENGTH(t.`model`) + 1, 0) + 13 * COALESCE(OCTET_LENGTH(t.`parent_id`) + 1, 0) + 15 * COALESCE(OCTET_LENGTH(t.`path`) + 1, 0) + 17 * COALESCE(OCTET_LENGTH(t.`permission`) + 1, 0) + 19 * COALESCE(OCTET_LENGTH(t.`project_id`) + 1, 0) + 21 * COALESCE(OCTET_LENGTH(t.`revert`) + 1, 0) + 23 * COALESCE(OCTET_LENGTH(t.`share_url`) + 1, 0) + 25 * COALESCE(OCTET_LENGTH(t.`slug`) + 1, 0) + 27 * COALESCE(t.`summary_additions` % 1000003 + 1000004, 0) + 29 * COALESCE(t.`summary_deletions` % 1000003 + 1000004, 0) + 31 * COALESCE(OCTET_LENGTH(t.`summary_diffs`) + 1, 0) + 33 * COALESCE(t.`summary_files` % 1000003 + 1000004, 0) + 35 * COALESCE(t.`time_archived` % 1000003 + 1000004, 0) + 37 * COALESCE(t.`time_compacting` % 1000003 + 1000004, 0) + 39 * COALESCE(t.`time_created` % 1000003 + 1000004, 0) + 41 * COALESCE(t.`time_updated` % 1000003 + 1000004, 0) + 43 * COALESCE(OCTET_LENGTH(t.`title`) + 1, 0) + 45 * COALESCE(t.`tokens_cache_read` % 1000003 + 1000004, 0) + 47 * COALESCE(t.`tokens_cache_write` % 1000003 + 1000004, 0) + 49 * COALESCE(t.`tokens_input` % 1000003 + 1000004, 0) + 51 * COALESCE(t.`tokens_output` % 1000003 + 1000004, 0) + 53 * COALESCE(t.`tokens_reasoning` % 1000003 + 1000004, 0) + 55 * COALESCE(OCTET_LENGTH(t.`version`) + 1, 0) + 57 * COALESCE(OCTET_LENGTH(t.`workspace_id`) + 1, 0)
  ),
  MAX(CASE WHEN t.time_updated >= 1000000000000 THEN t.time_updated END),
  SUM(CASE WHEN CASE WHEN t.time_updated >= 1000000000000 THEN t.time_updated END IS NULL THEN 1 ELSE 0 END)
FROM session AS t
GROUP BY
  t.id;
