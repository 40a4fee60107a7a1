-- The client's flags on their way into sessions: what each is expected to be, and what it becomes.
CREATE TEMPORARY TABLE lc_flag (
  id VARCHAR(191) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin NOT NULL PRIMARY KEY,
  was BIGINT,
  becomes BIGINT
);

-- Those of them whose session has the flag that is expected. A table of its own, since MySQL opens a temporary table
-- once a statement.
CREATE TEMPORARY TABLE lc_flagged (
  id VARCHAR(191) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin NOT NULL PRIMARY KEY
);
