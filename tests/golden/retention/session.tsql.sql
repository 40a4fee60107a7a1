-- Every id with a row in session.
INSERT INTO #lc_link (
  id,
  parent_id
)
SELECT
  s.id,
  NULL
FROM session AS s
WHERE
  NOT s.id IS NULL;

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
  session_row.parent_id,
  session_row.project_id,
  session_row.directory,
  session_row.title,
  CASE
    WHEN COALESCE(session_row.share_url, '') <> ''
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
  CASE WHEN NOT session_row.time_archived IS NULL THEN 1 ELSE 0 END,
  CASE
    WHEN CASE
      WHEN k.id LIKE N'%[' + NCHAR(1) + N'-' + NCHAR(31) + NCHAR(127) + N'-' + NCHAR(159) + NCHAR(1564) + NCHAR(8203) + N'-' + NCHAR(8207) + NCHAR(8232) + N'-' + NCHAR(8238) + NCHAR(8288) + N'-' + NCHAR(8297) + NCHAR(65279) + NCHAR(65533) + N']%' COLLATE Latin1_General_100_BIN2
      THEN 1
      ELSE 0
    END = 1
    THEN 1
    WHEN CASE
      WHEN COALESCE(session_row.parent_id, '') LIKE N'%[' + NCHAR(1) + N'-' + NCHAR(31) + NCHAR(127) + N'-' + NCHAR(159) + NCHAR(1564) + NCHAR(8203) + N'-' + NCHAR(8207) + NCHAR(8232) + N'-' + NCHAR(8238) + NCHAR(8288) + N'-' + NCHAR(8297) + NCHAR(65279) + NCHAR(65533) + N']%' COLLATE Latin1_General_100_BIN2
      THEN 1
      ELSE 0
    END = 1
    THEN 1
    WHEN CASE
      WHEN COALESCE(session_row.project_id, '') LIKE N'%[' + NCHAR(1) + N'-' + NCHAR(31) + NCHAR(127) + N'-' + NCHAR(159) + NCHAR(1564) + NCHAR(8203) + N'-' + NCHAR(8207) + NCHAR(8232) + N'-' + NCHAR(8238) + NCHAR(8288) + N'-' + NCHAR(8297) + NCHAR(65279) + NCHAR(65533) + N']%' COLLATE Latin1_General_100_BIN2
      THEN 1
      ELSE 0
    END = 1
    THEN 1
    ELSE 0
  END,
  CASE WHEN u.unclear > 0 THEN 1 ELSE 0 END,
  COALESCE(u.active, 0),
  CASE WHEN session_row.time_created >= 1000000000000 THEN session_row.time_created END,
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
      CASE WHEN session_row.[agent] IS NULL THEN N'-' ELSE CONCAT(N'=', CAST(session_row.[agent] AS NVARCHAR(MAX))) END + CASE
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
      END
    ),
    2
  )
FROM #lc_link AS k
LEFT JOIN session AS session_row
  ON session_row.id = k.id
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
