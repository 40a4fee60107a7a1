-- part: a row belongs to the session of its message.
INSERT INTO lc_usage (
  id,
  name,
  tally,
  bytes,
  newest,
  unclear
)
SELECT
  owner.session_id,
  'part',
  COUNT(*),
  SUM(COALESCE(OCTET_LENGTH(t.data), 0)),
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
  newest,
  unclear
)
SELECT
  t.session_id,
  'part',
  COUNT(*),
  SUM(COALESCE(OCTET_LENGTH(t.data), 0)),
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
  newest,
  unclear
)
SELECT
  a.id,
  a.name,
  a.tally,
  a.bytes,
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
  newest,
  unclear
)
SELECT
  t.session_id,
  'message',
  COUNT(*),
  SUM(COALESCE(OCTET_LENGTH(t.data), 0)),
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
  newest,
  unclear
)
SELECT
  t.session_id,
  'todo',
  COUNT(*),
  SUM(0),
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
  newest,
  unclear
)
SELECT
  t.session_id,
  'session_share',
  COUNT(*),
  SUM(0),
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
  newest,
  unclear
)
SELECT
  t.session_id,
  'session_message',
  COUNT(*),
  SUM(COALESCE(OCTET_LENGTH(t.data), 0)),
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
  newest,
  unclear
)
SELECT
  t.session_id,
  'session_input',
  COUNT(*),
  SUM(0),
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
  newest,
  unclear
)
SELECT
  t.session_id,
  'session_context_epoch',
  COUNT(*),
  SUM(0),
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
  newest,
  unclear
)
SELECT
  t.aggregate_id,
  'event',
  COUNT(*),
  SUM(COALESCE(OCTET_LENGTH(t.data), 0)),
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
  newest,
  unclear
)
SELECT
  t.aggregate_id,
  'event_sequence',
  COUNT(*),
  SUM(0),
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
  MAX(CASE WHEN t.time_updated >= 1000000000000 THEN t.time_updated END),
  SUM(CASE WHEN CASE WHEN t.time_updated >= 1000000000000 THEN t.time_updated END IS NULL THEN 1 ELSE 0 END)
FROM session AS t
GROUP BY
  t.id;
