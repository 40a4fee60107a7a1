-- Every id with a row in session_v2.
INSERT INTO lc_link (
  id,
  parent_id
)
SELECT
  s.id,
  NULL
FROM session_v2 AS s
WHERE
  NOT s.id IS NULL;

-- Every id with a row in session, unless it is known by now.
INSERT INTO lc_link (
  id,
  parent_id
)
SELECT
  s.id,
  NULL
FROM session AS s
WHERE
  NOT s.id IS NULL AND NOT EXISTS(
    SELECT
      1
    FROM session_v2 AS twin
    WHERE
      twin.id = s.id
  );

-- The facts of each session. Activity is the newest time of the session or of a message, never its creation;
-- event rows are counted apart, since they may go ahead of the rest.
INSERT INTO lc_session (
  id,
  parent_id,
  project_id,
  directory,
  title,
  shared,
  archived,
  unsafe,
  unclear,
  active,
  newest,
  tally,
  bytes,
  log_rows,
  log_bytes,
  seq,
  weight,
  facts
)
SELECT
  k.id,
  CASE WHEN session_v2_row.id IS NULL THEN session_row.parent_id ELSE session_v2_row.parent_id END,
  CASE WHEN session_v2_row.id IS NULL THEN session_row.project_id ELSE session_v2_row.project_id END,
  CASE WHEN session_v2_row.id IS NULL THEN session_row.directory ELSE session_v2_row.directory END,
  CASE WHEN session_v2_row.id IS NULL THEN session_row.title ELSE session_v2_row.title END,
  CASE
    WHEN COALESCE(session_row.share_url, '') <> ''
    THEN 1
    WHEN COALESCE(session_v2_row.share_url, '') <> ''
    THEN 1
    WHEN EXISTS(
      SELECT
        1
      FROM session_share AS share
      WHERE
        share.session_id = k.id
    )
    THEN 1
    ELSE 0
  END,
  CASE WHEN NOT session_row.time_archived IS NULL OR NOT session_v2_row.time_archived IS NULL THEN 1 ELSE 0 END,
  CASE
    WHEN CASE
      WHEN k.id ~ '[\u0001-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffd]'
      THEN 1
      ELSE 0
    END = 1
    THEN 1
    WHEN CASE
      WHEN COALESCE(CASE WHEN session_v2_row.id IS NULL THEN session_row.parent_id ELSE session_v2_row.parent_id END, '') ~ '[\u0001-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffd]'
      THEN 1
      ELSE 0
    END = 1
    THEN 1
    WHEN CASE
      WHEN COALESCE(CASE WHEN session_v2_row.id IS NULL THEN session_row.project_id ELSE session_v2_row.project_id END, '') ~ '[\u0001-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffd]'
      THEN 1
      ELSE 0
    END = 1
    THEN 1
    ELSE 0
  END,
  CASE WHEN u.unclear > 0 THEN 1 ELSE 0 END,
  COALESCE(u.active, 0),
  COALESCE(u.newest, 0),
  u.tally,
  u.bytes,
  u.log_rows,
  u.log_bytes,
  COALESCE((
    SELECT
      MAX(q.seq)
    FROM event_sequence AS q
    WHERE
      q.aggregate_id = k.id
  ), -1),
  u.weight,
  MD5(
    COALESCE('=' || CAST(session_v2_row."agent" AS TEXT), '-') || COALESCE('=' || CAST(session_v2_row."directory" AS TEXT), '-') || COALESCE('=' || CAST(session_v2_row."fork_boundary" AS TEXT), '-') || COALESCE('=' || CAST(session_v2_row."fork_session_id" AS TEXT), '-') || COALESCE('=' || CAST(session_v2_row."idle_outcome" AS TEXT), '-') || COALESCE('=' || CAST(session_v2_row."metadata" AS TEXT), '-') || COALESCE('=' || CAST(session_v2_row."model" AS TEXT), '-') || COALESCE('=' || CAST(session_v2_row."path" AS TEXT), '-') || COALESCE('=' || CAST(session_v2_row."revert" AS TEXT), '-') || COALESCE('=' || CAST(session_v2_row."slug" AS TEXT), '-') || COALESCE('=' || CAST(session_v2_row."title" AS TEXT), '-') || COALESCE('=' || CAST(session_v2_row."version" AS TEXT), '-') || COALESCE('=' || CAST(session_v2_row."workspace_id" AS TEXT), '-') || COALESCE('=' || CAST(session_v2_row."parent_id" AS TEXT), '-') || COALESCE('=' || CAST(session_v2_row."project_id" AS TEXT), '-') || COALESCE('=' || CAST(session_row."agent" AS TEXT), '-') || COALESCE('=' || CAST(session_row."directory" AS TEXT), '-') || COALESCE('=' || CAST(session_row."metadata" AS TEXT), '-') || COALESCE('=' || CAST(session_row."model" AS TEXT), '-') || COALESCE('=' || CAST(session_row."path" AS TEXT), '-') || COALESCE('=' || CAST(session_row."revert" AS TEXT), '-') || COALESCE('=' || CAST(session_row."slug" AS TEXT), '-') || COALESCE('=' || CAST(session_row."title" AS TEXT), '-') || COALESCE('=' || CAST(session_row."version" AS TEXT), '-') || COALESCE('=' || CAST(session_row."workspace_id" AS TEXT), '-') || COALESCE('=' || CAST(session_row."parent_id" AS TEXT), '-') || COALESCE('=' || CAST(session_row."project_id" AS TEXT), '-')
  )
FROM lc_link AS k
LEFT JOIN session AS session_row
  ON session_row.id = k.id
LEFT JOIN session_v2 AS session_v2_row
  ON session_v2_row.id = k.id
JOIN (
  SELECT
    id,
    SUM(unclear) AS unclear,
    MAX(CASE WHEN name IN ('session', 'session_v2', 'message', 'session_message') THEN newest END) AS active,
    MAX(newest) AS newest,
    SUM(CASE WHEN name = 'event' THEN 0 ELSE tally END) AS tally,
    SUM(weight) AS weight,
    SUM(bytes) AS bytes,
    SUM(CASE WHEN name = 'event' THEN tally ELSE 0 END) AS log_rows,
    SUM(CASE WHEN name = 'event' THEN bytes ELSE 0 END) AS log_bytes
  FROM lc_usage
  GROUP BY
    id
) AS u
  ON u.id = k.id;

-- A second name for the sessions, to join them with their parents.
DELETE FROM lc_link;

INSERT INTO lc_link (
  id,
  parent_id
)
SELECT
  s.id,
  s.parent_id
FROM lc_session AS s;
