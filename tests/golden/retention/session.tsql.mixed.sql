-- Every id with a row in session_v2.
INSERT INTO #lc_link (
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
INSERT INTO #lc_link (
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
INSERT INTO #lc_session (
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
      WHEN k.id LIKE N'%[' + NCHAR(1) + N'-' + NCHAR(31) + NCHAR(127) + N'-' + NCHAR(159) + NCHAR(1564) + NCHAR(8203) + N'-' + NCHAR(8207) + NCHAR(8232) + N'-' + NCHAR(8238) + NCHAR(8288) + N'-' + NCHAR(8297) + NCHAR(65279) + NCHAR(65533) + N']%' COLLATE Latin1_General_100_BIN2
      THEN 1
      ELSE 0
    END = 1
    THEN 1
    WHEN CASE
      WHEN COALESCE(CASE WHEN session_v2_row.id IS NULL THEN session_row.parent_id ELSE session_v2_row.parent_id END, '') LIKE N'%[' + NCHAR(1) + N'-' + NCHAR(31) + NCHAR(127) + N'-' + NCHAR(159) + NCHAR(1564) + NCHAR(8203) + N'-' + NCHAR(8207) + NCHAR(8232) + N'-' + NCHAR(8238) + NCHAR(8288) + N'-' + NCHAR(8297) + NCHAR(65279) + NCHAR(65533) + N']%' COLLATE Latin1_General_100_BIN2
      THEN 1
      ELSE 0
    END = 1
    THEN 1
    WHEN CASE
      WHEN COALESCE(CASE WHEN session_v2_row.id IS NULL THEN session_row.project_id ELSE session_v2_row.project_id END, '') LIKE N'%[' + NCHAR(1) + N'-' + NCHAR(31) + NCHAR(127) + N'-' + NCHAR(159) + NCHAR(1564) + NCHAR(8203) + N'-' + NCHAR(8207) + NCHAR(8232) + N'-' + NCHAR(8238) + NCHAR(8288) + N'-' + NCHAR(8297) + NCHAR(65279) + NCHAR(65533) + N']%' COLLATE Latin1_General_100_BIN2
      THEN 1
      ELSE 0
    END = 1
    THEN 1
    ELSE 0
  END,
  CASE WHEN u.unclear > 0 THEN 1 ELSE 0 END,
  COALESCE(u.active, 0),
  CASE
    WHEN CASE WHEN session_v2_row.id IS NULL THEN session_row.time_created ELSE session_v2_row.time_created END >= 1000000000000
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
  CONVERT(
    VARCHAR(32),
    HASHBYTES(
      'MD5',
      CASE
        WHEN session_v2_row.[agent] IS NULL
        THEN N'-'
        ELSE CONCAT(N'=', CAST(session_v2_row.[agent] AS NVARCHAR(MAX)))
      END + CASE
        WHEN session_v2_row.[directory] IS NULL
        THEN N'-'
        ELSE CONCAT(N'=', CAST(session_v2_row.[directory] AS NVARCHAR(MAX)))
      END + CASE
        WHEN session_v2_row.[fork_boundary] IS NULL
        THEN N'-'
        ELSE CONCAT(N'=', CAST(session_v2_row.[fork_boundary] AS NVARCHAR(MAX)))
      END + CASE
        WHEN session_v2_row.[fork_session_id] IS NULL
        THEN N'-'
        ELSE CONCAT(N'=', CAST(session_v2_row.[fork_session_id] AS NVARCHAR(MAX)))
      END + CASE
        WHEN session_v2_row.[idle_outcome] IS NULL
        THEN N'-'
        ELSE CONCAT(N'=', CAST(session_v2_row.[idle_outcome] AS NVARCHAR(MAX)))
      END + CASE
        WHEN session_v2_row.[metadata] IS NULL
        THEN N'-'
        ELSE CONCAT(N'=', CAST(session_v2_row.[metadata] AS NVARCHAR(MAX)))
      END + CASE
        WHEN session_v2_row.[model] IS NULL
        THEN N'-'
        ELSE CONCAT(N'=', CAST(session_v2_row.[model] AS NVARCHAR(MAX)))
      END + CASE
        WHEN session_v2_row.[path] IS NULL
        THEN N'-'
        ELSE CONCAT(N'=', CAST(session_v2_row.[path] AS NVARCHAR(MAX)))
      END + CASE
        WHEN session_v2_row.[revert] IS NULL
        THEN N'-'
        ELSE CONCAT(N'=', CAST(session_v2_row.[revert] AS NVARCHAR(MAX)))
      END + CASE
        WHEN session_v2_row.[slug] IS NULL
        THEN N'-'
        ELSE CONCAT(N'=', CAST(session_v2_row.[slug] AS NVARCHAR(MAX)))
      END + CASE
        WHEN session_v2_row.[title] IS NULL
        THEN N'-'
        ELSE CONCAT(N'=', CAST(session_v2_row.[title] AS NVARCHAR(MAX)))
      END + CASE
        WHEN session_v2_row.[version] IS NULL
        THEN N'-'
        ELSE CONCAT(N'=', CAST(session_v2_row.[version] AS NVARCHAR(MAX)))
      END + CASE
        WHEN session_v2_row.[workspace_id] IS NULL
        THEN N'-'
        ELSE CONCAT(N'=', CAST(session_v2_row.[workspace_id] AS NVARCHAR(MAX)))
      END + CASE
        WHEN session_v2_row.[parent_id] IS NULL
        THEN N'-'
        ELSE CONCAT(N'=', CAST(session_v2_row.[parent_id] AS NVARCHAR(MAX)))
      END + CASE
        WHEN session_v2_row.[project_id] IS NULL
        THEN N'-'
        ELSE CONCAT(N'=', CAST(session_v2_row.[project_id] AS NVARCHAR(MAX)))
      END + CASE WHEN session_row.[agent] IS NULL THEN N'-' ELSE CONCAT(N'=', CAST(session_row.[agent] AS NVARCHAR(MAX))) END + CASE
        WHEN session_row.[directory] IS NULL
        THEN N'-'
        ELSE CONCAT(N'=', CAST(session_row.[directory] AS NVARCHAR(MAX)))
      END + CASE
        WHEN session_row.[metadata] IS NULL
        THEN N'-'
        ELSE CONCAT(N'=', CAST(session_row.[metadata] AS NVARCHAR(MAX)))
      END + CASE WHEN session_row.[model] IS NULL THEN N'-' ELSE CONCAT(N'=', CAST(session_row.[model] AS NVARCHAR(MAX))) END + CASE WHEN session_row.[path] IS NULL THEN N'-' ELSE CONCAT(N'=', CAST(session_row.[path] AS NVARCHAR(MAX))) END + CASE
        WHEN session_row.[revert] IS NULL
        THEN N'-'
        ELSE CONCAT(N'=', CAST(session_row.[revert] AS NVARCHAR(MAX)))
      END + CASE WHEN session_row.[slug] IS NULL THEN N'-' ELSE CONCAT(N'=', CAST(session_row.[slug] AS NVARCHAR(MAX))) END + CASE WHEN session_row.[title] IS NULL THEN N'-' ELSE CONCAT(N'=', CAST(session_row.[title] AS NVARCHAR(MAX))) END + CASE
        WHEN session_row.[version] IS NULL
        THEN N'-'
        ELSE CONCAT(N'=', CAST(session_row.[version] AS NVARCHAR(MAX)))
      END + CASE
        WHEN session_row.[workspace_id] IS NULL
        THEN N'-'
        ELSE CONCAT(N'=', CAST(session_row.[workspace_id] AS NVARCHAR(MAX)))
      END + CASE
        WHEN session_row.[parent_id] IS NULL
        THEN N'-'
        ELSE CONCAT(N'=', CAST(session_row.[parent_id] AS NVARCHAR(MAX)))
      END + CASE
        WHEN session_row.[project_id] IS NULL
        THEN N'-'
        ELSE CONCAT(N'=', CAST(session_row.[project_id] AS NVARCHAR(MAX)))
      END
    ),
    2
  )
FROM #lc_link AS k
LEFT JOIN session AS session_row
  ON session_row.id = k.id
LEFT JOIN session_v2 AS session_v2_row
  ON session_v2_row.id = k.id
JOIN (
  SELECT
    id AS id,
    SUM(unclear) AS unclear,
    MAX(CASE WHEN name IN ('session', 'session_v2', 'message', 'session_message') THEN newest END) AS active,
    MAX(newest) AS newest,
    SUM(CASE WHEN name = 'event' THEN 0 ELSE tally END) AS tally,
    SUM(checksum) AS checksum,
    SUM(bytes) AS bytes,
    SUM(CASE WHEN name = 'event' THEN tally ELSE 0 END) AS log_rows,
    SUM(CASE WHEN name = 'event' THEN bytes ELSE 0 END) AS log_bytes
  FROM #lc_usage
  GROUP BY
    id
) AS u
  ON u.id = k.id;

-- A second name for the sessions, to join them with their parents.
DELETE FROM #lc_link;

INSERT INTO #lc_link (
  id,
  parent_id
)
SELECT
  s.id,
  s.parent_id
FROM #lc_session AS s;
