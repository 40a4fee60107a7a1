-- The facts of each session, once for both layouts. Times are whole milliseconds; `active` and `newest` are 0 when
-- unknown, `created` is NULL.
CREATE TEMPORARY TABLE lc_session (
  id VARCHAR(191) NOT NULL PRIMARY KEY,
  parent_id VARCHAR(191),
  project_id VARCHAR(191),
  directory TEXT,
  title TEXT,
  shared INT NOT NULL,
  archived INT NOT NULL,
  unsafe INT NOT NULL,
  unclear INT NOT NULL,
  active BIGINT NOT NULL,
  created BIGINT,
  newest BIGINT NOT NULL,
  tally BIGINT NOT NULL,
  bytes BIGINT NOT NULL,
  log_rows BIGINT NOT NULL,
  log_bytes BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  checksum BIGINT NOT NULL,
  facts TEXT
);

-- What one table holds of one session: rows, octets, those of its largest row, their checksum, the newest time stamp,
-- and how many time stamps are unclear.
CREATE TEMPORARY TABLE lc_usage (
  id VARCHAR(191),
  name VARCHAR(64) NOT NULL,
  tally BIGINT NOT NULL,
  bytes BIGINT NOT NULL,
  largest BIGINT NOT NULL,
  checksum BIGINT NOT NULL,
  newest BIGINT,
  unclear BIGINT NOT NULL
);

CREATE INDEX lc_usage_id ON lc_usage (id);

-- The same of parts whose message is gone, by the session that they name themselves.
CREATE TEMPORARY TABLE lc_alone (
  id VARCHAR(191),
  name VARCHAR(64) NOT NULL,
  tally BIGINT NOT NULL,
  bytes BIGINT NOT NULL,
  largest BIGINT NOT NULL,
  checksum BIGINT NOT NULL,
  newest BIGINT,
  unclear BIGINT NOT NULL
);

-- The climb to the roots: `up` the ancestor reached so far, `top` the furthest known, `low` the smallest id on the
-- way, `fresh` the newest value met below. lc_hop is a copy, since MySQL opens a temporary table once a statement.
CREATE TEMPORARY TABLE lc_climb (
  id VARCHAR(191) NOT NULL PRIMARY KEY,
  up VARCHAR(191),
  top VARCHAR(191) NOT NULL,
  low VARCHAR(191) NOT NULL,
  fresh BIGINT NOT NULL
);

CREATE TEMPORARY TABLE lc_hop (
  id VARCHAR(191) NOT NULL PRIMARY KEY,
  up VARCHAR(191),
  top VARCHAR(191) NOT NULL,
  low VARCHAR(191) NOT NULL
);

CREATE TEMPORARY TABLE lc_step (
  id VARCHAR(191) NOT NULL PRIMARY KEY,
  up VARCHAR(191),
  top VARCHAR(191) NOT NULL,
  low VARCHAR(191) NOT NULL
);

CREATE TEMPORARY TABLE lc_reach (id VARCHAR(191) NOT NULL PRIMARY KEY, fresh BIGINT NOT NULL);

-- A second name for the sessions and their parents, to join the sessions with themselves.
CREATE TEMPORARY TABLE lc_link (id VARCHAR(191) NOT NULL PRIMARY KEY, parent_id VARCHAR(191));

-- The root of every session.
CREATE TEMPORARY TABLE lc_root (id VARCHAR(191) NOT NULL PRIMARY KEY, root_id VARCHAR(191) NOT NULL);

-- Sessions of trees with a row newer than a week; and the signs by which a session is running: an unfinished message
-- or tool call, a compaction, and what 2.x has claimed or queued.
CREATE TEMPORARY TABLE lc_recent (id VARCHAR(191) NOT NULL PRIMARY KEY);

CREATE TEMPORARY TABLE lc_running (id VARCHAR(191) NOT NULL, sign VARCHAR(16) NOT NULL);

CREATE INDEX lc_running_id ON lc_running (id);

-- What people said to keep: pinned ids, sessions brought back (and when), and those that a pattern of the policy
-- names, with the first that does.
CREATE TEMPORARY TABLE lc_pin (id VARCHAR(191) NOT NULL PRIMARY KEY);

CREATE TEMPORARY TABLE lc_restored (id VARCHAR(191) NOT NULL PRIMARY KEY, moment BIGINT NOT NULL);

CREATE TEMPORARY TABLE lc_match (id VARCHAR(191) NOT NULL PRIMARY KEY, pattern INT NOT NULL);

-- What holds a session: an unfinished turn, a pin, a restore, a pattern of the policy.
CREATE TEMPORARY TABLE lc_held (
  id VARCHAR(191) NOT NULL PRIMARY KEY,
  running INT NOT NULL,
  pinned INT NOT NULL,
  restored INT NOT NULL,
  matched INT NOT NULL
);

-- One row per tree: its facts, summed.
CREATE TEMPORARY TABLE lc_tree (
  root_id VARCHAR(191) NOT NULL PRIMARY KEY,
  project_id VARCHAR(191),
  title TEXT,
  sessions BIGINT NOT NULL,
  active BIGINT NOT NULL,
  newest BIGINT NOT NULL,
  tally BIGINT NOT NULL,
  bytes BIGINT NOT NULL,
  size BIGINT NOT NULL,
  unsafe INT NOT NULL,
  unclear INT NOT NULL,
  running INT NOT NULL,
  shared INT NOT NULL,
  pinned INT NOT NULL,
  restored INT NOT NULL,
  matched INT NOT NULL
);

-- What the policy says of single projects, by the number of its section: `own_...` is 1 where the section names that
-- limit, which is NULL where it is off.
CREATE TEMPORARY TABLE lc_section (
  project_id VARCHAR(191) NOT NULL PRIMARY KEY,
  section INT NOT NULL,
  own_age INT NOT NULL,
  old_since BIGINT,
  own_count INT NOT NULL,
  max_sessions BIGINT,
  own_tree_size INT NOT NULL,
  max_tree_size BIGINT,
  own_children INT NOT NULL,
  child_since BIGINT
);

-- The limits that hold for each tree, NULL where one is off; `aged` is the moment by which its age is told, and NULL
-- where that is not clear.
CREATE TEMPORARY TABLE lc_limit (
  root_id VARCHAR(191) NOT NULL PRIMARY KEY,
  section INT,
  aged BIGINT,
  old_since BIGINT,
  in_project INT NOT NULL,
  max_sessions BIGINT,
  max_tree_size BIGINT,
  child_since BIGINT
);

-- One row per tree that is judged: its place in the order, and the protection that holds it, if one does.
CREATE TEMPORARY TABLE lc_rank (
  root_id VARCHAR(191) NOT NULL PRIMARY KEY,
  place BIGINT NOT NULL,
  place_in_project BIGINT NOT NULL,
  active BIGINT NOT NULL,
  size BIGINT NOT NULL,
  protection VARCHAR(32)
);

-- What stands before a limit on the file, and the room it leaves for trees that nothing protects (NULL: no limit).
CREATE TEMPORARY TABLE lc_budget (kind VARCHAR(16) NOT NULL PRIMARY KEY, bytes BIGINT);

CREATE TEMPORARY TABLE lc_reckoned (kind VARCHAR(16) NOT NULL PRIMARY KEY, bytes BIGINT NOT NULL);

CREATE TEMPORARY TABLE lc_room (room BIGINT);

-- Which limits a tree is over, whether its size alone fits the room, and what is filled up to and with it.
CREATE TEMPORARY TABLE lc_over (
  root_id VARCHAR(191) NOT NULL PRIMARY KEY,
  over_age INT NOT NULL,
  over_count INT NOT NULL,
  over_tree_size INT NOT NULL,
  fits INT NOT NULL
);

CREATE TEMPORARY TABLE lc_fill (root_id VARCHAR(191) NOT NULL PRIMARY KEY, filled BIGINT NOT NULL);

-- The verdict on each tree, with one reason.
CREATE TEMPORARY TABLE lc_verdict (
  root_id VARCHAR(191) NOT NULL PRIMARY KEY,
  place BIGINT NOT NULL,
  place_in_project BIGINT NOT NULL,
  protection VARCHAR(32),
  over_age INT NOT NULL,
  over_count INT NOT NULL,
  over_size INT NOT NULL,
  over_tree_size INT NOT NULL,
  verdict VARCHAR(8) NOT NULL,
  reason VARCHAR(32) NOT NULL
);

-- Children that may go from trees that stay.
CREATE TEMPORARY TABLE lc_child (id VARCHAR(191) NOT NULL PRIMARY KEY, parent_id VARCHAR(191));

-- What goes together; a unit is named by its topmost session. Before it, the newest activity of what stays of a tree, and of each child subtree.
CREATE TEMPORARY TABLE lc_core (root_id VARCHAR(191) NOT NULL PRIMARY KEY, active BIGINT NOT NULL);

CREATE TEMPORARY TABLE lc_crown (top VARCHAR(191) NOT NULL PRIMARY KEY, active BIGINT NOT NULL);

CREATE TEMPORARY TABLE lc_unit (
  id VARCHAR(191) NOT NULL PRIMARY KEY,
  root_id VARCHAR(191) NOT NULL,
  reason VARCHAR(32) NOT NULL
);

-- When each unit was last active, which is the order in which units go.
CREATE TEMPORARY TABLE lc_turn (
  root_id VARCHAR(191) NOT NULL PRIMARY KEY,
  active BIGINT NOT NULL,
  sessions BIGINT NOT NULL,
  bytes BIGINT NOT NULL
);
