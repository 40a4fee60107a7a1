-- The client's flags on their way into sessions: what each is expected to be, and what it becomes.
CREATE TABLE #lc_flag (
  id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL PRIMARY KEY,
  was BIGINT,
  becomes BIGINT
);

-- Those of them whose session has the flag that is expected. A table of its own, since MySQL opens a temporary table
-- once a statement.
CREATE TABLE #lc_flagged (
  id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL PRIMARY KEY
);
