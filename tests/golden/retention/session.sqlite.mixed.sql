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

-- The facts of each session. Activity is the newest time of the session or of a message, never its creation, which
-- is told apart;
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
  created,
  newest,
  tally,
  bytes,
  log_rows,
  log_bytes,
  seq,
  checksum,
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
      WHEN TYPEOF(k.id) <> 'text'
      THEN 1
      WHEN INSTR(CAST(k.id AS BLOB), CAST(CHAR(0) AS BLOB)) > 0
      THEN 1
      WHEN k.id GLOB '*[' || CHAR(1) || '-' || CHAR(31) || CHAR(127) || '-' || CHAR(159) || CHAR(1564) || CHAR(8203) || '-' || CHAR(8207) || CHAR(8232) || '-' || CHAR(8238) || CHAR(8288) || '-' || CHAR(8297) || CHAR(65279) || CHAR(65533) || ']*'
      THEN 1
      ELSE 0
    END = 1
    THEN 1
    WHEN CASE
      WHEN TYPEOF(COALESCE(CASE WHEN session_v2_row.id IS NULL THEN session_row.parent_id ELSE session_v2_row.parent_id END, '')) <> 'text'
      THEN 1
      WHEN INSTR(
        CAST(COALESCE(CASE WHEN session_v2_row.id IS NULL THEN session_row.parent_id ELSE session_v2_row.parent_id END, '') AS BLOB),
        CAST(CHAR(0) AS BLOB)
      ) > 0
      THEN 1
      WHEN COALESCE(CASE WHEN session_v2_row.id IS NULL THEN session_row.parent_id ELSE session_v2_row.parent_id END, '') GLOB '*[' || CHAR(1) || '-' || CHAR(31) || CHAR(127) || '-' || CHAR(159) || CHAR(1564) || CHAR(8203) || '-' || CHAR(8207) || CHAR(8232) || '-' || CHAR(8238) || CHAR(8288) || '-' || CHAR(8297) || CHAR(65279) || CHAR(65533) || ']*'
      THEN 1
      ELSE 0
    END = 1
    THEN 1
    WHEN CASE
      WHEN TYPEOF(
        COALESCE(CASE WHEN session_v2_row.id IS NULL THEN session_row.project_id ELSE session_v2_row.project_id END, '')
      ) <> 'text'
      THEN 1
      WHEN INSTR(
        CAST(COALESCE(CASE WHEN session_v2_row.id IS NULL THEN session_row.project_id ELSE session_v2_row.project_id END, '') AS BLOB),
        CAST(CHAR(0) AS BLOB)
      ) > 0
      THEN 1
      WHEN COALESCE(CASE WHEN session_v2_row.id IS NULL THEN session_row.project_id ELSE session_v2_row.project_id END, '') GLOB '*[' || CHAR(1) || '-' || CHAR(31) || CHAR(127) || '-' || CHAR(159) || CHAR(1564) || CHAR(8203) || '-' || CHAR(8207) || CHAR(8232) || '-' || CHAR(8238) || CHAR(8288) || '-' || CHAR(8297) || CHAR(65279) || CHAR(65533) || ']*'
      THEN 1
      ELSE 0
    END = 1
    THEN 1
    ELSE 0
  END,
  CASE WHEN u.unclear > 0 THEN 1 ELSE 0 END,
  COALESCE(u.active, 0),
  CASE
    WHEN TYPEOF(CASE WHEN session_v2_row.id IS NULL THEN session_row.time_created ELSE session_v2_row.time_created END) = 'integer'
    AND CASE WHEN session_v2_row.id IS NULL THEN session_row.time_created ELSE session_v2_row.time_created END >= 1000000000000
    THEN CASE WHEN session_v2_row.id IS NULL THEN session_row.time_created ELSE session_v2_row.time_created END
  END,
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
  u.checksum,
  HEX(
    COALESCE('=' || SUBSTRING(session_v2_row."agent", 1, 200), '-') || COALESCE('=' || SUBSTRING(session_v2_row."directory", 1, 200), '-') || COALESCE('=' || SUBSTRING(session_v2_row."fork_boundary", 1, 200), '-') || COALESCE('=' || SUBSTRING(session_v2_row."fork_session_id", 1, 200), '-') || COALESCE('=' || SUBSTRING(session_v2_row."idle_outcome", 1, 200), '-') || COALESCE('=' || SUBSTRING(session_v2_row."metadata", 1, 200), '-') || COALESCE('=' || SUBSTRING(session_v2_row."model", 1, 200), '-') || COALESCE('=' || SUBSTRING(session_v2_row."path", 1, 200), '-') || COALESCE('=' || SUBSTRING(session_v2_row."revert", 1, 200), '-') || COALESCE('=' || SUBSTRING(session_v2_row."slug", 1, 200), '-') || COALESCE('=' || SUBSTRING(session_v2_row."title", 1, 200), '-') || COALESCE('=' || SUBSTRING(session_v2_row."version", 1, 200), '-') || COALESCE('=' || SUBSTRING(session_v2_row."workspace_id", 1, 200), '-') || COALESCE('=' || SUBSTRING(session_v2_row."parent_id", 1, 200), '-') || COALESCE('=' || SUBSTRING(session_v2_row."project_id", 1, 200), '-') || COALESCE('=' || SUBSTRING(session_row."agent", 1, 200), '-') || COALESCE('=' || SUBSTRING(session_row."directory", 1, 200), '-') || COALESCE('=' || SUBSTRING(session_row."metadata", 1, 200), '-') || COALESCE('=' || SUBSTRING(session_row."model", 1, 200), '-') || COALESCE('=' || SUBSTRING(session_row."path", 1, 200), '-') || COALESCE('=' || SUBSTRING(session_row."revert", 1, 200), '-') || COALESCE('=' || SUBSTRING(session_row."slug", 1, 200), '-') || COALESCE('=' || SUBSTRING(session_row."title", 1, 200), '-') || COALESCE('=' || SUBSTRING(session_row."version", 1, 200), '-') || COALESCE('=' || SUBSTRING(session_row."workspace_id", 1, 200), '-') || COALESCE('=' || SUBSTRING(session_row."parent_id", 1, 200), '-') || COALESCE('=' || SUBSTRING(session_row."project_id", 1, 200), '-')
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
    SUM(checksum) AS checksum,
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
