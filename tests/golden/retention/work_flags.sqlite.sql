-- The client's flags on their way into sessions: what each is expected to be, and what it becomes.
CREATE TEMPORARY TABLE lc_flag (
  id TEXT(191) NOT NULL PRIMARY KEY,
  was INTEGER,
  becomes INTEGER
);

-- Those of them whose session has the flag that is expected. A table of its own, since MySQL opens a temporary table
-- once a statement.
CREATE TEMPORARY TABLE lc_flagged (
  id TEXT(191) NOT NULL PRIMARY KEY
);
