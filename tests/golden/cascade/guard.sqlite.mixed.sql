-- Count the rows of the batch's sessions once more, and look for the newest of them: each table is read once, by its
-- index. (CROSS JOIN: SQLite takes the tables in the order they stand, the short list first.)
DELETE FROM lc_census;

-- part: a row belongs to the session of its message. `named`: and names that session itself.
INSERT INTO lc_census (
  id,
  name,
  tally,
  named,
  checksum,
  newest
)
SELECT
  p.id,
  'part',
  COUNT(*),
  SUM(CASE WHEN t.session_id = p.id THEN 1 ELSE 0 END),
  SUM(
    1 * COALESCE(LENGTH(CAST(t."data" AS BLOB)) + 1, 0) + 3 * COALESCE(LENGTH(CAST(t."id" AS BLOB)) + 1, 0) + 5 * COALESCE(LENGTH(CAST(t."message_id" AS BLOB)) + 1, 0) + 7 * COALESCE(LENGTH(CAST(t."session_id" AS BLOB)) + 1, 0) + 9 * COALESCE(t."time_created" % 1000003 + 1000004, 0) + 11 * COALESCE(t."time_updated" % 1000003 + 1000004, 0)
  ),
  MAX(CASE WHEN TYPEOF(t.time_updated) = 'integer' AND t.time_updated >= 1000000000000 THEN t.time_updated END)
FROM lc_planned AS p
CROSS JOIN message AS owner
CROSS JOIN part AS t
WHERE
  p.batch = (
    SELECT
      MAX(b.number)
    FROM lc_batch AS b
  )
  AND owner.session_id = p.id
  AND t.message_id = owner.id
GROUP BY
  p.id;

-- Do more rows name the session? Seldom: only then their messages are looked up,
DELETE FROM lc_more;

INSERT INTO lc_more (
  id
)
SELECT
  k.id
FROM (
  SELECT
    p.id,
    COUNT(*) AS tally
  FROM lc_planned AS p
  CROSS JOIN part AS t
  WHERE
    p.batch = (
      SELECT
        MAX(b.number)
      FROM lc_batch AS b
    ) AND t.session_id = p.id
  GROUP BY
    p.id
) AS k
LEFT JOIN lc_census AS c
  ON c.id = k.id AND c.name = 'part'
WHERE
  k.tally > COALESCE(c.named, 0);

-- since a row without its message belongs to the session it names itself.
INSERT INTO lc_census (
  id,
  name,
  tally,
  named,
  checksum,
  newest
)
SELECT
  m.id,
  'part',
  COUNT(*),
  COUNT(*),
  SUM(
    1 * COALESCE(LENGTH(CAST(t."data" AS BLOB)) + 1, 0) + 3 * COALESCE(LENGTH(CAST(t."id" AS BLOB)) + 1, 0) + 5 * COALESCE(LENGTH(CAST(t."message_id" AS BLOB)) + 1, 0) + 7 * COALESCE(LENGTH(CAST(t."session_id" AS BLOB)) + 1, 0) + 9 * COALESCE(t."time_created" % 1000003 + 1000004, 0) + 11 * COALESCE(t."time_updated" % 1000003 + 1000004, 0)
  ),
  MAX(CASE WHEN TYPEOF(t.time_updated) = 'integer' AND t.time_updated >= 1000000000000 THEN t.time_updated END)
FROM lc_more AS m
CROSS JOIN part AS t
WHERE
  t.session_id = m.id
  AND NOT EXISTS(
    SELECT
      1
    FROM message AS owner
    WHERE
      owner.id = t.message_id
  )
GROUP BY
  m.id;

-- message, by its session_id.
INSERT INTO lc_census (
  id,
  name,
  tally,
  named,
  checksum,
  newest
)
SELECT
  p.id,
  'message',
  COUNT(*),
  COUNT(*),
  SUM(
    1 * COALESCE(LENGTH(CAST(t."data" AS BLOB)) + 1, 0) + 3 * COALESCE(LENGTH(CAST(t."id" AS BLOB)) + 1, 0) + 5 * COALESCE(LENGTH(CAST(t."session_id" AS BLOB)) + 1, 0) + 7 * COALESCE(t."time_created" % 1000003 + 1000004, 0) + 9 * COALESCE(t."time_updated" % 1000003 + 1000004, 0)
  ),
  MAX(CASE WHEN TYPEOF(t.time_updated) = 'integer' AND t.time_updated >= 1000000000000 THEN t.time_updated END)
FROM lc_planned AS p
CROSS JOIN message AS t
WHERE
  p.batch = (
    SELECT
      MAX(b.number)
    FROM lc_batch AS b
  ) AND t.session_id = p.id
GROUP BY
  p.id;

-- todo, by its session_id.
INSERT INTO lc_census (
  id,
  name,
  tally,
  named,
  checksum,
  newest
)
SELECT
  p.id,
  'todo',
  COUNT(*),
  COUNT(*),
  SUM(
    1 * COALESCE(LENGTH(CAST(t."content" AS BLOB)) + 1, 0) + 3 * COALESCE(t."position" % 1000003 + 1000004, 0) + 5 * COALESCE(LENGTH(CAST(t."priority" AS BLOB)) + 1, 0) + 7 * COALESCE(LENGTH(CAST(t."session_id" AS BLOB)) + 1, 0) + 9 * COALESCE(LENGTH(CAST(t."status" AS BLOB)) + 1, 0) + 11 * COALESCE(t."time_created" % 1000003 + 1000004, 0) + 13 * COALESCE(t."time_updated" % 1000003 + 1000004, 0)
  ),
  MAX(CASE WHEN TYPEOF(t.time_updated) = 'integer' AND t.time_updated >= 1000000000000 THEN t.time_updated END)
FROM lc_planned AS p
CROSS JOIN todo AS t
WHERE
  p.batch = (
    SELECT
      MAX(b.number)
    FROM lc_batch AS b
  ) AND t.session_id = p.id
GROUP BY
  p.id;

-- session_share, by its session_id.
INSERT INTO lc_census (
  id,
  name,
  tally,
  named,
  checksum,
  newest
)
SELECT
  p.id,
  'session_share',
  COUNT(*),
  COUNT(*),
  SUM(
    1 * COALESCE(LENGTH(CAST(t."id" AS BLOB)) + 1, 0) + 3 * COALESCE(LENGTH(CAST(t."secret" AS BLOB)) + 1, 0) + 5 * COALESCE(LENGTH(CAST(t."session_id" AS BLOB)) + 1, 0) + 7 * COALESCE(t."time_created" % 1000003 + 1000004, 0) + 9 * COALESCE(t."time_updated" % 1000003 + 1000004, 0) + 11 * COALESCE(LENGTH(CAST(t."url" AS BLOB)) + 1, 0)
  ),
  MAX(CASE WHEN TYPEOF(t.time_updated) = 'integer' AND t.time_updated >= 1000000000000 THEN t.time_updated END)
FROM lc_planned AS p
CROSS JOIN session_share AS t
WHERE
  p.batch = (
    SELECT
      MAX(b.number)
    FROM lc_batch AS b
  ) AND t.session_id = p.id
GROUP BY
  p.id;

-- session_message, by its session_id.
INSERT INTO lc_census (
  id,
  name,
  tally,
  named,
  checksum,
  newest
)
SELECT
  p.id,
  'session_message',
  COUNT(*),
  COUNT(*),
  SUM(
    1 * COALESCE(LENGTH(CAST(t."data" AS BLOB)) + 1, 0) + 3 * COALESCE(LENGTH(CAST(t."id" AS BLOB)) + 1, 0) + 5 * COALESCE(t."seq" % 1000003 + 1000004, 0) + 7 * COALESCE(LENGTH(CAST(t."session_id" AS BLOB)) + 1, 0) + 9 * COALESCE(t."time_created" % 1000003 + 1000004, 0) + 11 * COALESCE(t."time_updated" % 1000003 + 1000004, 0) + 13 * COALESCE(LENGTH(CAST(t."type" AS BLOB)) + 1, 0)
  ),
  MAX(CASE WHEN TYPEOF(t.time_updated) = 'integer' AND t.time_updated >= 1000000000000 THEN t.time_updated END)
FROM lc_planned AS p
CROSS JOIN session_message AS t
WHERE
  p.batch = (
    SELECT
      MAX(b.number)
    FROM lc_batch AS b
  ) AND t.session_id = p.id
GROUP BY
  p.id;

-- session_pending, by its session_id.
INSERT INTO lc_census (
  id,
  name,
  tally,
  named,
  checksum,
  newest
)
SELECT
  p.id,
  'session_pending',
  COUNT(*),
  COUNT(*),
  SUM(
    1 * COALESCE(t."admitted_seq" % 1000003 + 1000004, 0) + 3 * COALESCE(LENGTH(CAST(t."data" AS BLOB)) + 1, 0) + 5 * COALESCE(LENGTH(CAST(t."delivery" AS BLOB)) + 1, 0) + 7 * COALESCE(LENGTH(CAST(t."id" AS BLOB)) + 1, 0) + 9 * COALESCE(LENGTH(CAST(t."session_id" AS BLOB)) + 1, 0) + 11 * COALESCE(t."time_created" % 1000003 + 1000004, 0) + 13 * COALESCE(LENGTH(CAST(t."type" AS BLOB)) + 1, 0)
  ),
  MAX(CASE WHEN TYPEOF(t.time_created) = 'integer' AND t.time_created >= 1000000000000 THEN t.time_created END)
FROM lc_planned AS p
CROSS JOIN session_pending AS t
WHERE
  p.batch = (
    SELECT
      MAX(b.number)
    FROM lc_batch AS b
  ) AND t.session_id = p.id
GROUP BY
  p.id;

-- session_inbox, by its session_id.
INSERT INTO lc_census (
  id,
  name,
  tally,
  named,
  checksum,
  newest
)
SELECT
  p.id,
  'session_inbox',
  COUNT(*),
  COUNT(*),
  SUM(
    1 * COALESCE(LENGTH(CAST(t."delivery" AS BLOB)) + 1, 0) + 3 * COALESCE(t."enqueued_seq" % 1000003 + 1000004, 0) + 5 * COALESCE(LENGTH(CAST(t."id" AS BLOB)) + 1, 0) + 7 * COALESCE(LENGTH(CAST(t."payload" AS BLOB)) + 1, 0) + 9 * COALESCE(LENGTH(CAST(t."session_id" AS BLOB)) + 1, 0) + 11 * COALESCE(t."time_created" % 1000003 + 1000004, 0) + 13 * COALESCE(LENGTH(CAST(t."type" AS BLOB)) + 1, 0)
  ),
  MAX(CASE WHEN TYPEOF(t.time_created) = 'integer' AND t.time_created >= 1000000000000 THEN t.time_created END)
FROM lc_planned AS p
CROSS JOIN session_inbox AS t
WHERE
  p.batch = (
    SELECT
      MAX(b.number)
    FROM lc_batch AS b
  ) AND t.session_id = p.id
GROUP BY
  p.id;

-- instruction_entry, by its session_id.
INSERT INTO lc_census (
  id,
  name,
  tally,
  named,
  checksum,
  newest
)
SELECT
  p.id,
  'instruction_entry',
  COUNT(*),
  COUNT(*),
  SUM(
    1 * COALESCE(LENGTH(CAST(t."key" AS BLOB)) + 1, 0) + 3 * COALESCE(t."removed" % 1000003 + 1000004, 0) + 5 * COALESCE(LENGTH(CAST(t."session_id" AS BLOB)) + 1, 0) + 7 * COALESCE(t."time_created" % 1000003 + 1000004, 0) + 9 * COALESCE(t."time_updated" % 1000003 + 1000004, 0) + 11 * COALESCE(LENGTH(CAST(t."value" AS BLOB)) + 1, 0)
  ),
  MAX(CASE WHEN TYPEOF(t.time_updated) = 'integer' AND t.time_updated >= 1000000000000 THEN t.time_updated END)
FROM lc_planned AS p
CROSS JOIN instruction_entry AS t
WHERE
  p.batch = (
    SELECT
      MAX(b.number)
    FROM lc_batch AS b
  ) AND t.session_id = p.id
GROUP BY
  p.id;

-- instruction_state, by its session_id.
INSERT INTO lc_census (
  id,
  name,
  tally,
  named,
  checksum,
  newest
)
SELECT
  p.id,
  'instruction_state',
  COUNT(*),
  COUNT(*),
  SUM(
    1 * COALESCE(LENGTH(CAST(t."current_values" AS BLOB)) + 1, 0) + 3 * COALESCE(t."epoch_start" % 1000003 + 1000004, 0) + 5 * COALESCE(LENGTH(CAST(t."initial_values" AS BLOB)) + 1, 0) + 7 * COALESCE(LENGTH(CAST(t."session_id" AS BLOB)) + 1, 0) + 9 * COALESCE(t."through_seq" % 1000003 + 1000004, 0)
  ),
  MAX(0)
FROM lc_planned AS p
CROSS JOIN instruction_state AS t
WHERE
  p.batch = (
    SELECT
      MAX(b.number)
    FROM lc_batch AS b
  ) AND t.session_id = p.id
GROUP BY
  p.id;

-- event_sequence, by its aggregate_id.
INSERT INTO lc_census (
  id,
  name,
  tally,
  named,
  checksum,
  newest
)
SELECT
  p.id,
  'event_sequence',
  COUNT(*),
  COUNT(*),
  SUM(
    1 * COALESCE(LENGTH(CAST(t."aggregate_id" AS BLOB)) + 1, 0) + 3 * COALESCE(LENGTH(CAST(t."owner_id" AS BLOB)) + 1, 0) + 5 * COALESCE(t."seq" % 1000003 + 1000004, 0)
  ),
  MAX(0)
FROM lc_planned AS p
CROSS JOIN event_sequence AS t
WHERE
  p.batch = (
    SELECT
      MAX(b.number)
    FROM lc_batch AS b
  ) AND t.aggregate_id = p.id
GROUP BY
  p.id;

-- session_v2, by its id.
INSERT INTO lc_census (
  id,
  name,
  tally,
  named,
  checksum,
  newest
)
SELECT
  p.id,
  'session_v2',
  COUNT(*),
  COUNT(*),
  SUM(
    1 * COALESCE(LENGTH(CAST(t."agent" AS BLOB)) + 1, 0) + 3 * CASE
      WHEN t."cost" IS NULL
      THEN 0
      WHEN ABS(t."cost") < 1000000000000
      THEN CAST(t."cost" * 1000000 AS INTEGER) % 1000003 + 1000004
      ELSE 1
    END + 5 * COALESCE(LENGTH(CAST(t."directory" AS BLOB)) + 1, 0) + 7 * COALESCE(LENGTH(CAST(t."fork_boundary" AS BLOB)) + 1, 0) + 9 * COALESCE(LENGTH(CAST(t."fork_session_id" AS BLOB)) + 1, 0) + 11 * COALESCE(LENGTH(CAST(t."id" AS BLOB)) + 1, 0) + 13 * COALESCE(LENGTH(CAST(t."idle_outcome" AS BLOB)) + 1, 0) + 15 * COALESCE(LENGTH(CAST(t."metadata" AS BLOB)) + 1, 0) + 17 * COALESCE(LENGTH(CAST(t."model" AS BLOB)) + 1, 0) + 19 * COALESCE(LENGTH(CAST(t."parent_id" AS BLOB)) + 1, 0) + 21 * COALESCE(LENGTH(CAST(t."path" AS BLOB)) + 1, 0) + 23 * COALESCE(LENGTH(CAST(t."permission" AS BLOB)) + 1, 0) + 25 * COALESCE(LENGTH(CAST(t."project_id" AS BLOB)) + 1, 0) + 27 * COALESCE(t."resume_attempts" % 1000003 + 1000004, 0) + 29 * COALESCE(LENGTH(CAST(t."revert" AS BLOB)) + 1, 0) + 31 * COALESCE(LENGTH(CAST(t."share_url" AS BLOB)) + 1, 0) + 33 * COALESCE(LENGTH(CAST(t."slug" AS BLOB)) + 1, 0) + 35 * COALESCE(t."summary_additions" % 1000003 + 1000004, 0) + 37 * COALESCE(t."summary_deletions" % 1000003 + 1000004, 0) + 39 * COALESCE(LENGTH(CAST(t."summary_diffs" AS BLOB)) + 1, 0) + 41 * COALESCE(t."summary_files" % 1000003 + 1000004, 0) + 43 * COALESCE(t."time_archived" % 1000003 + 1000004, 0) + 45 * COALESCE(t."time_compacting" % 1000003 + 1000004, 0) + 47 * COALESCE(t."time_created" % 1000003 + 1000004, 0) + 49 * COALESCE(t."time_idle" % 1000003 + 1000004, 0) + 51 * COALESCE(t."time_suspended" % 1000003 + 1000004, 0) + 53 * COALESCE(t."time_updated" % 1000003 + 1000004, 0) + 55 * COALESCE(t."time_viewed" % 1000003 + 1000004, 0) + 57 * COALESCE(LENGTH(CAST(t."title" AS BLOB)) + 1, 0) + 59 * COALESCE(t."tokens_cache_read" % 1000003 + 1000004, 0) + 61 * COALESCE(t."tokens_cache_write" % 1000003 + 1000004, 0) + 63 * COALESCE(t."tokens_input" % 1000003 + 1000004, 0) + 65 * COALESCE(t."tokens_output" % 1000003 + 1000004, 0) + 67 * COALESCE(t."tokens_reasoning" % 1000003 + 1000004, 0) + 69 * COALESCE(LENGTH(CAST(t."version" AS BLOB)) + 1, 0) + 71 * COALESCE(LENGTH(CAST(t."workspace_id" AS BLOB)) + 1, 0)
  ),
  MAX(CASE WHEN TYPEOF(t.time_updated) = 'integer' AND t.time_updated >= 1000000000000 THEN t.time_updated END)
FROM lc_planned AS p
CROSS JOIN session_v2 AS t
WHERE
  p.batch = (
    SELECT
      MAX(b.number)
    FROM lc_batch AS b
  ) AND t.id = p.id
GROUP BY
  p.id;

-- session, by its id.
INSERT INTO lc_census (
  id,
  name,
  tally,
  named,
  checksum,
  newest
)
SELECT
  p.id,
  'session',
  COUNT(*),
  COUNT(*),
  SUM(
    1 * COALESCE(LENGTH(CAST(t."agent" AS BLOB)) + 1, 0) + 3 * CASE
      WHEN t."cost" IS NULL
      THEN 0
      WHEN ABS(t."cost") < 1000000000000
      THEN CAST(t."cost" * 1000000 AS INTEGER) % 1000003 + 1000004
      ELSE 1
    END + 5 * COALESCE(LENGTH(CAST(t."directory" AS BLOB)) + 1, 0) + 7 * COALESCE(LENGTH(CAST(t."id" AS BLOB)) + 1, 0) + 9 * COALESCE(LENGTH(CAST(t."metadata" AS BLOB)) + 1, 0) + 11 * COALESCE(LENGTH(CAST(t."model" AS BLOB)) + 1, 0) + 13 * COALESCE(LENGTH(CAST(t."parent_id" AS BLOB)) + 1, 0) + 15 * COALESCE(LENGTH(CAST(t."path" AS BLOB)) + 1, 0) + 17 * COALESCE(LENGTH(CAST(t."permission" AS BLOB)) + 1, 0) + 19 * COALESCE(LENGTH(CAST(t."project_id" AS BLOB)) + 1, 0) + 21 * COALESCE(LENGTH(CAST(t."revert" AS BLOB)) + 1, 0) + 23 * COALESCE(LENGTH(CAST(t."share_url" AS BLOB)) + 1, 0) + 25 * COALESCE(LENGTH(CAST(t."slug" AS BLOB)) + 1, 0) + 27 * COALESCE(t."summary_additions" % 1000003 + 1000004, 0) + 29 * COALESCE(t."summary_deletions" % 1000003 + 1000004, 0) + 31 * COALESCE(LENGTH(CAST(t."summary_diffs" AS BLOB)) + 1, 0) + 33 * COALESCE(t."summary_files" % 1000003 + 1000004, 0) + 35 * COALESCE(t."time_archived" % 1000003 + 1000004, 0) + 37 * COALESCE(t."time_compacting" % 1000003 + 1000004, 0) + 39 * COALESCE(t."time_created" % 1000003 + 1000004, 0) + 41 * COALESCE(t."time_updated" % 1000003 + 1000004, 0) + 43 * COALESCE(LENGTH(CAST(t."title" AS BLOB)) + 1, 0) + 45 * COALESCE(t."tokens_cache_read" % 1000003 + 1000004, 0) + 47 * COALESCE(t."tokens_cache_write" % 1000003 + 1000004, 0) + 49 * COALESCE(t."tokens_input" % 1000003 + 1000004, 0) + 51 * COALESCE(t."tokens_output" % 1000003 + 1000004, 0) + 53 * COALESCE(t."tokens_reasoning" % 1000003 + 1000004, 0) + 55 * COALESCE(LENGTH(CAST(t."version" AS BLOB)) + 1, 0) + 57 * COALESCE(LENGTH(CAST(t."workspace_id" AS BLOB)) + 1, 0)
  ),
  MAX(CASE WHEN TYPEOF(t.time_updated) = 'integer' AND t.time_updated >= 1000000000000 THEN t.time_updated END)
FROM lc_planned AS p
CROSS JOIN session AS t
WHERE
  p.batch = (
    SELECT
      MAX(b.number)
    FROM lc_batch AS b
  ) AND t.id = p.id
GROUP BY
  p.id;

-- Each session of the batch must be what the plan saw: the same facts, as many rows with
-- the same checksum, and none of them newer.
DELETE FROM lc_seen;

INSERT INTO lc_seen (
  id,
  root_id,
  intact
)
SELECT
  p.id,
  p.root_id,
  CASE
    WHEN COALESCE(CASE WHEN session_v2_row.id IS NULL THEN session_row.parent_id ELSE session_v2_row.parent_id END, '') = COALESCE(p.parent_id, '')
    AND COALESCE(CASE WHEN session_v2_row.id IS NULL THEN session_row.project_id ELSE session_v2_row.project_id END, '') = COALESCE(p.project_id, '')
    AND CASE
      WHEN COALESCE(session_row.share_url, '') <> ''
      THEN 1
      WHEN COALESCE(session_v2_row.share_url, '') <> ''
      THEN 1
      WHEN EXISTS(
        SELECT
          1
        FROM session_share AS share
        WHERE
          share.session_id = p.id
      )
      THEN 1
      ELSE 0
    END = p.shared
    AND CASE WHEN NOT session_row.time_archived IS NULL OR NOT session_v2_row.time_archived IS NULL THEN 1 ELSE 0 END = p.archived
    AND COALESCE((
      SELECT
        MAX(q.seq)
      FROM event_sequence AS q
      WHERE
        q.aggregate_id = p.id
    ), -1) = p.seq
    AND HEX(
      COALESCE('=' || SUBSTRING(session_v2_row."agent", 1, 200), '-') || COALESCE('=' || SUBSTRING(session_v2_row."directory", 1, 200), '-') || COALESCE('=' || SUBSTRING(session_v2_row."fork_boundary", 1, 200), '-') || COALESCE('=' || SUBSTRING(session_v2_row."fork_session_id", 1, 200), '-') || COALESCE('=' || SUBSTRING(session_v2_row."idle_outcome", 1, 200), '-') || COALESCE('=' || SUBSTRING(session_v2_row."metadata", 1, 200), '-') || COALESCE('=' || SUBSTRING(session_v2_row."model", 1, 200), '-') || COALESCE('=' || SUBSTRING(session_v2_row."path", 1, 200), '-') || COALESCE('=' || SUBSTRING(session_v2_row."revert", 1, 200), '-') || COALESCE('=' || SUBSTRING(session_v2_row."slug", 1, 200), '-') || COALESCE('=' || SUBSTRING(session_v2_row."title", 1, 200), '-') || COALESCE('=' || SUBSTRING(session_v2_row."version", 1, 200), '-') || COALESCE('=' || SUBSTRING(session_v2_row."workspace_id", 1, 200), '-') || COALESCE('=' || SUBSTRING(session_v2_row."parent_id", 1, 200), '-') || COALESCE('=' || SUBSTRING(session_v2_row."project_id", 1, 200), '-') || COALESCE('=' || SUBSTRING(session_row."agent", 1, 200), '-') || COALESCE('=' || SUBSTRING(session_row."directory", 1, 200), '-') || COALESCE('=' || SUBSTRING(session_row."metadata", 1, 200), '-') || COALESCE('=' || SUBSTRING(session_row."model", 1, 200), '-') || COALESCE('=' || SUBSTRING(session_row."path", 1, 200), '-') || COALESCE('=' || SUBSTRING(session_row."revert", 1, 200), '-') || COALESCE('=' || SUBSTRING(session_row."slug", 1, 200), '-') || COALESCE('=' || SUBSTRING(session_row."title", 1, 200), '-') || COALESCE('=' || SUBSTRING(session_row."version", 1, 200), '-') || COALESCE('=' || SUBSTRING(session_row."workspace_id", 1, 200), '-') || COALESCE('=' || SUBSTRING(session_row."parent_id", 1, 200), '-') || COALESCE('=' || SUBSTRING(session_row."project_id", 1, 200), '-')
    ) = p.facts
    AND c.tally = p.tally
    AND c.checksum = p.checksum
    AND COALESCE(c.newest, 0) <= p.newest
    THEN 1
    ELSE 0
  END
FROM lc_planned AS p
JOIN (
  SELECT
    id,
    SUM(tally) AS tally,
    SUM(checksum) AS checksum,
    MAX(newest) AS newest
  FROM lc_census
  GROUP BY
    id
) AS c
  ON c.id = p.id
LEFT JOIN session AS session_row
  ON session_row.id = p.id
LEFT JOIN session_v2 AS session_v2_row
  ON session_v2_row.id = p.id
WHERE
  p.batch = (
    SELECT
      MAX(b.number)
    FROM lc_batch AS b
  )
  AND NOT (
    session_row.id IS NULL AND session_v2_row.id IS NULL
  );

-- A unit stays whole when one of its sessions changed,
DELETE FROM lc_objection;

INSERT INTO lc_objection (
  root_id,
  reason
)
SELECT
  s.root_id,
  'changed'
FROM lc_seen AS s
WHERE
  s.intact = 0;

-- when a part of it is gone already,
INSERT INTO lc_objection (
  root_id,
  reason
)
SELECT
  p.root_id,
  'changed'
FROM lc_planned AS p
JOIN lc_batch AS b
  ON b.number = p.batch
LEFT JOIN lc_seen AS s
  ON s.id = p.id
GROUP BY
  p.root_id
HAVING
  COUNT(s.id) > 0 AND COUNT(s.id) < COUNT(*);

-- when the line of its topmost session was struck out of the list,
INSERT INTO lc_objection (
  root_id,
  reason
)
SELECT
  s.root_id,
  'struck'
FROM lc_seen AS s
LEFT JOIN lc_planned AS p
  ON p.id = s.root_id AND p.root_id = s.root_id
WHERE
  p.id IS NULL;

-- when a session below it is not in the list: a new child, or a line struck out,
INSERT INTO lc_objection (
  root_id,
  reason
)
SELECT
  s.root_id,
  'child'
FROM lc_seen AS s
CROSS JOIN session AS c
LEFT JOIN lc_planned AS p
  ON p.id = c.id AND p.root_id = s.root_id
WHERE
  c.parent_id = s.id
  AND NOT c.id IS NULL
  AND p.id IS NULL
  AND NOT EXISTS(
    SELECT
      1
    FROM session_v2 AS twin
    WHERE
      twin.id = c.id
  );

-- when a session below it is not in the list: a new child, or a line struck out,
INSERT INTO lc_objection (
  root_id,
  reason
)
SELECT
  s.root_id,
  'child'
FROM lc_seen AS s
CROSS JOIN session_v2 AS c
LEFT JOIN lc_planned AS p
  ON p.id = c.id AND p.root_id = s.root_id
WHERE
  c.parent_id = s.id AND NOT c.id IS NULL AND p.id IS NULL;

-- when it was pinned in the meantime,
INSERT INTO lc_objection (
  root_id,
  reason
)
SELECT
  s.root_id,
  'pinned'
FROM lc_seen AS s
JOIN lc_kept AS k
  ON k.id = s.id;

-- and while the client moves sessions from 1.x to 2.x.
INSERT INTO lc_objection (
  root_id,
  reason
)
SELECT
  s.root_id,
  'migrating'
FROM lc_seen AS s
WHERE
  EXISTS(
    SELECT
      1
    FROM kv AS k
    WHERE
      k.key = 'migration.v1-v2'
      AND CASE WHEN JSON_VALID(k.value) = 1 THEN COALESCE(JSON_EXTRACT(k.value, '$.phase'), '') ELSE '' END <> 'completed'
  );

-- Remember it for the report.
DELETE FROM lc_spared
WHERE
  root_id IN (
    SELECT
      o.root_id
    FROM lc_objection AS o
  );

INSERT INTO lc_spared (
  root_id,
  reason
)
SELECT
  o.root_id,
  MIN(o.reason)
FROM lc_objection AS o
GROUP BY
  o.root_id;

-- All others may go.
DELETE FROM lc_doomed;

INSERT INTO lc_doomed (
  id
)
SELECT
  s.id
FROM lc_seen AS s
WHERE
  NOT EXISTS(
    SELECT
      1
    FROM lc_objection AS o
    WHERE
      o.root_id = s.root_id
  );
