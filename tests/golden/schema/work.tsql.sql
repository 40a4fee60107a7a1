-- The facts of each session, once for both layouts. Times are whole milliseconds; `active` and `newest` are 0 when
-- unknown, `created` is NULL.
CREATE TABLE #lc_session (
  id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL PRIMARY KEY,
  parent_id NVARCHAR(191) COLLATE Latin1_General_100_BIN2,
  project_id NVARCHAR(191) COLLATE Latin1_General_100_BIN2,
  directory NVARCHAR(MAX),
  title NVARCHAR(MAX),
  shared INTEGER NOT NULL,
  archived INTEGER NOT NULL,
  unsafe INTEGER NOT NULL,
  unclear INTEGER NOT NULL,
  active BIGINT NOT NULL,
  created BIGINT,
  newest BIGINT NOT NULL,
  tally BIGINT NOT NULL,
  bytes BIGINT NOT NULL,
  log_rows BIGINT NOT NULL,
  log_bytes BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  checksum BIGINT NOT NULL,
  facts NVARCHAR(MAX)
);

-- What one table holds of one session: rows, octets, those of its largest row, their checksum, the newest time stamp,
-- and how many time stamps are unclear.
CREATE TABLE #lc_usage (
  id NVARCHAR(191) COLLATE Latin1_General_100_BIN2,
  name NVARCHAR(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
  tally BIGINT NOT NULL,
  bytes BIGINT NOT NULL,
  largest BIGINT NOT NULL,
  checksum BIGINT NOT NULL,
  newest BIGINT,
  unclear BIGINT NOT NULL
);

CREATE INDEX lc_usage_id ON #lc_usage(id);

-- The same of parts whose message is gone, by the session that they name themselves.
CREATE TABLE #lc_alone (
  id NVARCHAR(191) COLLATE Latin1_General_100_BIN2,
  name NVARCHAR(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
  tally BIGINT NOT NULL,
  bytes BIGINT NOT NULL,
  largest BIGINT NOT NULL,
  checksum BIGINT NOT NULL,
  newest BIGINT,
  unclear BIGINT NOT NULL
);

-- The climb to the roots: `up` the ancestor reached so far, `top` the furthest known, `low` the smallest id on the
-- way, `fresh` the newest value met below. lc_hop is a copy, since MySQL opens a temporary table once a statement.
CREATE TABLE #lc_climb (
  id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL PRIMARY KEY,
  up NVARCHAR(191) COLLATE Latin1_General_100_BIN2,
  [top] NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL,
  low NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL,
  fresh BIGINT NOT NULL
);

CREATE TABLE #lc_hop (
  id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL PRIMARY KEY,
  up NVARCHAR(191) COLLATE Latin1_General_100_BIN2,
  [top] NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL,
  low NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL
);

CREATE TABLE #lc_step (
  id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL PRIMARY KEY,
  up NVARCHAR(191) COLLATE Latin1_General_100_BIN2,
  [top] NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL,
  low NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL
);

CREATE TABLE #lc_reach (
  id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL PRIMARY KEY,
  fresh BIGINT NOT NULL
);

-- A second name for the sessions and their parents, to join the sessions with themselves.
CREATE TABLE #lc_link (
  id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL PRIMARY KEY,
  parent_id NVARCHAR(191) COLLATE Latin1_General_100_BIN2
);

-- The root of every session.
CREATE TABLE #lc_root (
  id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL PRIMARY KEY,
  root_id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL
);

-- Sessions of trees with a row newer than a week; and the signs by which a session is running: an unfinished message
-- or tool call, a compaction, and what 2.x has claimed or queued.
CREATE TABLE #lc_recent (
  id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL PRIMARY KEY
);

CREATE TABLE #lc_running (
  id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL,
  sign NVARCHAR(16) COLLATE Latin1_General_100_BIN2 NOT NULL
);

CREATE INDEX lc_running_id ON #lc_running(id);

-- What people said to keep: pinned ids, sessions brought back (and when), and those that a pattern of the policy
-- names, with the first that does.
CREATE TABLE #lc_pin (
  id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL PRIMARY KEY
);

CREATE TABLE #lc_restored (
  id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL PRIMARY KEY,
  moment BIGINT NOT NULL
);

CREATE TABLE #lc_match (
  id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL PRIMARY KEY,
  pattern INTEGER NOT NULL
);

-- What holds a session: an unfinished turn, a pin, a restore, a pattern of the policy.
CREATE TABLE #lc_held (
  id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL PRIMARY KEY,
  running INTEGER NOT NULL,
  pinned INTEGER NOT NULL,
  restored INTEGER NOT NULL,
  matched INTEGER NOT NULL
);

-- One row per tree: its facts, summed.
CREATE TABLE #lc_tree (
  root_id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL PRIMARY KEY,
  project_id NVARCHAR(191) COLLATE Latin1_General_100_BIN2,
  title NVARCHAR(MAX),
  sessions BIGINT NOT NULL,
  active BIGINT NOT NULL,
  newest BIGINT NOT NULL,
  tally BIGINT NOT NULL,
  bytes BIGINT NOT NULL,
  size BIGINT NOT NULL,
  unsafe INTEGER NOT NULL,
  unclear INTEGER NOT NULL,
  running INTEGER NOT NULL,
  shared INTEGER NOT NULL,
  pinned INTEGER NOT NULL,
  restored INTEGER NOT NULL,
  matched INTEGER NOT NULL
);

-- What the policy says of single projects, by the number of its section: `own_...` is 1 where the section names that
-- limit, which is NULL where it is off.
CREATE TABLE #lc_section (
  project_id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL PRIMARY KEY,
  section INTEGER NOT NULL,
  own_age INTEGER NOT NULL,
  old_since BIGINT,
  own_count INTEGER NOT NULL,
  max_sessions BIGINT,
  own_tree_size INTEGER NOT NULL,
  max_tree_size BIGINT,
  own_children INTEGER NOT NULL,
  child_since BIGINT
);

-- The limits that hold for each tree, NULL where one is off; `aged` is the moment by which its age is told, and NULL
-- where that is not clear.
CREATE TABLE #lc_limit (
  root_id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL PRIMARY KEY,
  section INTEGER,
  aged BIGINT,
  old_since BIGINT,
  in_project INTEGER NOT NULL,
  max_sessions BIGINT,
  max_tree_size BIGINT,
  child_since BIGINT
);

-- One row per tree that is judged: its place in the order, and the protection that holds it, if one does.
CREATE TABLE #lc_rank (
  root_id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL PRIMARY KEY,
  place BIGINT NOT NULL,
  place_in_project BIGINT NOT NULL,
  active BIGINT NOT NULL,
  size BIGINT NOT NULL,
  protection NVARCHAR(32) COLLATE Latin1_General_100_BIN2
);

-- What stands before a limit on the file, and the room it leaves for trees that nothing protects (NULL: no limit).
CREATE TABLE #lc_budget (
  kind NVARCHAR(16) COLLATE Latin1_General_100_BIN2 NOT NULL PRIMARY KEY,
  bytes BIGINT
);

CREATE TABLE #lc_reckoned (
  kind NVARCHAR(16) COLLATE Latin1_General_100_BIN2 NOT NULL PRIMARY KEY,
  bytes BIGINT NOT NULL
);

CREATE TABLE #lc_room (
  room BIGINT
);

-- Which limits a tree is over, whether its size alone fits the room, and what is filled up to and with it.
CREATE TABLE #lc_over (
  root_id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL PRIMARY KEY,
  over_age INTEGER NOT NULL,
  over_count INTEGER NOT NULL,
  over_tree_size INTEGER NOT NULL,
  fits INTEGER NOT NULL
);

CREATE TABLE #lc_fill (
  root_id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL PRIMARY KEY,
  filled BIGINT NOT NULL
);

-- The verdict on each tree, with one reason.
CREATE TABLE #lc_verdict (
  root_id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL PRIMARY KEY,
  place BIGINT NOT NULL,
  place_in_project BIGINT NOT NULL,
  protection NVARCHAR(32) COLLATE Latin1_General_100_BIN2,
  over_age INTEGER NOT NULL,
  over_count INTEGER NOT NULL,
  over_size INTEGER NOT NULL,
  over_tree_size INTEGER NOT NULL,
  verdict NVARCHAR(8) COLLATE Latin1_General_100_BIN2 NOT NULL,
  reason NVARCHAR(32) COLLATE Latin1_General_100_BIN2 NOT NULL
);

-- Children that may go from trees that stay.
CREATE TABLE #lc_child (
  id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL PRIMARY KEY,
  parent_id NVARCHAR(191) COLLATE Latin1_General_100_BIN2
);

-- What goes together; a unit is named by its topmost session. Before it, the newest activity of what stays of a tree, and of each child subtree.
CREATE TABLE #lc_core (
  root_id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL PRIMARY KEY,
  active BIGINT NOT NULL
);

CREATE TABLE #lc_crown (
  [top] NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL PRIMARY KEY,
  active BIGINT NOT NULL
);

CREATE TABLE #lc_unit (
  id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL PRIMARY KEY,
  root_id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL,
  reason NVARCHAR(32) COLLATE Latin1_General_100_BIN2 NOT NULL
);

-- When each unit was last active, which is the order in which units go.
CREATE TABLE #lc_turn (
  root_id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL PRIMARY KEY,
  active BIGINT NOT NULL,
  sessions BIGINT NOT NULL,
  bytes BIGINT NOT NULL
);
