-- The facts of each session, once for both layouts. Times are whole milliseconds; `active` and `newest` are 0 when
-- unknown, `created` is NULL.
CREATE TEMPORARY TABLE lc_session (
  id TEXT(191) NOT NULL PRIMARY KEY,
  parent_id TEXT(191),
  project_id TEXT(191),
  directory TEXT,
  title TEXT,
  shared INTEGER NOT NULL,
  archived INTEGER NOT NULL,
  unsafe INTEGER NOT NULL,
  unclear INTEGER NOT NULL,
  active INTEGER NOT NULL,
  created INTEGER,
  newest INTEGER NOT NULL,
  tally INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  log_rows INTEGER NOT NULL,
  log_bytes INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  checksum INTEGER NOT NULL,
  facts TEXT
);

-- What one table holds of one session: rows, octets, those of its largest row, their checksum, the newest time stamp,
-- and how many time stamps are unclear.
CREATE TEMPORARY TABLE lc_usage (
  id TEXT(191),
  name TEXT(64) NOT NULL,
  tally INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  largest INTEGER NOT NULL,
  checksum INTEGER NOT NULL,
  newest INTEGER,
  unclear INTEGER NOT NULL
);

CREATE INDEX lc_usage_id ON lc_usage(id);

-- The same of parts whose message is gone, by the session that they name themselves.
CREATE TEMPORARY TABLE lc_alone (
  id TEXT(191),
  name TEXT(64) NOT NULL,
  tally INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  largest INTEGER NOT NULL,
  checksum INTEGER NOT NULL,
  newest INTEGER,
  unclear INTEGER NOT NULL
);

-- The climb to the roots: `up` the ancestor reached so far, `top` the furthest known, `low` the smallest id on the
-- way, `fresh` the newest value met below. lc_hop is a copy, since MySQL opens a temporary table once a statement.
CREATE TEMPORARY TABLE lc_climb (
  id TEXT(191) NOT NULL PRIMARY KEY,
  up TEXT(191),
  top TEXT(191) NOT NULL,
  low TEXT(191) NOT NULL,
  fresh INTEGER NOT NULL
);

CREATE TEMPORARY TABLE lc_hop (
  id TEXT(191) NOT NULL PRIMARY KEY,
  up TEXT(191),
  top TEXT(191) NOT NULL,
  low TEXT(191) NOT NULL
);

CREATE TEMPORARY TABLE lc_step (
  id TEXT(191) NOT NULL PRIMARY KEY,
  up TEXT(191),
  top TEXT(191) NOT NULL,
  low TEXT(191) NOT NULL
);

CREATE TEMPORARY TABLE lc_reach (
  id TEXT(191) NOT NULL PRIMARY KEY,
  fresh INTEGER NOT NULL
);

-- A second name for the sessions and their parents, to join the sessions with themselves.
CREATE TEMPORARY TABLE lc_link (
  id TEXT(191) NOT NULL PRIMARY KEY,
  parent_id TEXT(191)
);

-- The root of every session.
CREATE TEMPORARY TABLE lc_root (
  id TEXT(191) NOT NULL PRIMARY KEY,
  root_id TEXT(191) NOT NULL
);

-- Sessions of trees with a row newer than a week; and the signs by which a session is running: an unfinished message
-- or tool call, a compaction, and what 2.x has claimed or queued.
CREATE TEMPORARY TABLE lc_recent (
  id TEXT(191) NOT NULL PRIMARY KEY
);

CREATE TEMPORARY TABLE lc_running (
  id TEXT(191) NOT NULL,
  sign TEXT(16) NOT NULL
);

CREATE INDEX lc_running_id ON lc_running(id);

-- What people said to keep: pinned ids, sessions brought back (and when), and those that a pattern of the policy
-- names, with the first that does.
CREATE TEMPORARY TABLE lc_pin (
  id TEXT(191) NOT NULL PRIMARY KEY
);

CREATE TEMPORARY TABLE lc_restored (
  id TEXT(191) NOT NULL PRIMARY KEY,
  moment INTEGER NOT NULL
);

CREATE TEMPORARY TABLE lc_match (
  id TEXT(191) NOT NULL PRIMARY KEY,
  pattern INTEGER NOT NULL
);

-- What holds a session: an unfinished turn, a pin, a restore, a pattern of the policy.
CREATE TEMPORARY TABLE lc_held (
  id TEXT(191) NOT NULL PRIMARY KEY,
  running INTEGER NOT NULL,
  pinned INTEGER NOT NULL,
  restored INTEGER NOT NULL,
  matched INTEGER NOT NULL
);

-- One row per tree: its facts, summed.
CREATE TEMPORARY TABLE lc_tree (
  root_id TEXT(191) NOT NULL PRIMARY KEY,
  project_id TEXT(191),
  title TEXT,
  sessions INTEGER NOT NULL,
  active INTEGER NOT NULL,
  newest INTEGER NOT NULL,
  tally INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  size INTEGER NOT NULL,
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
CREATE TEMPORARY TABLE lc_section (
  project_id TEXT(191) NOT NULL PRIMARY KEY,
  section INTEGER NOT NULL,
  own_age INTEGER NOT NULL,
  old_since INTEGER,
  own_count INTEGER NOT NULL,
  max_sessions INTEGER,
  own_tree_size INTEGER NOT NULL,
  max_tree_size INTEGER,
  own_children INTEGER NOT NULL,
  child_since INTEGER
);

-- The limits that hold for each tree, NULL where one is off; `aged` is the moment by which its age is told, and NULL
-- where that is not clear.
CREATE TEMPORARY TABLE lc_limit (
  root_id TEXT(191) NOT NULL PRIMARY KEY,
  section INTEGER,
  aged INTEGER,
  old_since INTEGER,
  in_project INTEGER NOT NULL,
  max_sessions INTEGER,
  max_tree_size INTEGER,
  child_since INTEGER
);

-- One row per tree that is judged: its place in the order, and the protection that holds it, if one does.
CREATE TEMPORARY TABLE lc_rank (
  root_id TEXT(191) NOT NULL PRIMARY KEY,
  place INTEGER NOT NULL,
  place_in_project INTEGER NOT NULL,
  active INTEGER NOT NULL,
  size INTEGER NOT NULL,
  protection TEXT(32)
);

-- What stands before a limit on the file, and the room it leaves for trees that nothing protects (NULL: no limit).
CREATE TEMPORARY TABLE lc_budget (
  kind TEXT(16) NOT NULL PRIMARY KEY,
  bytes INTEGER
);

CREATE TEMPORARY TABLE lc_reckoned (
  kind TEXT(16) NOT NULL PRIMARY KEY,
  bytes INTEGER NOT NULL
);

CREATE TEMPORARY TABLE lc_room (
  room INTEGER
);

-- Which limits a tree is over, whether its size alone fits the room, and what is filled up to and with it.
CREATE TEMPORARY TABLE lc_over (
  root_id TEXT(191) NOT NULL PRIMARY KEY,
  over_age INTEGER NOT NULL,
  over_count INTEGER NOT NULL,
  over_tree_size INTEGER NOT NULL,
  fits INTEGER NOT NULL
);

CREATE TEMPORARY TABLE lc_fill (
  root_id TEXT(191) NOT NULL PRIMARY KEY,
  filled INTEGER NOT NULL
);

-- The verdict on each tree, with one reason.
CREATE TEMPORARY TABLE lc_verdict (
  root_id TEXT(191) NOT NULL PRIMARY KEY,
  place INTEGER NOT NULL,
  place_in_project INTEGER NOT NULL,
  protection TEXT(32),
  over_age INTEGER NOT NULL,
  over_count INTEGER NOT NULL,
  over_size INTEGER NOT NULL,
  over_tree_size INTEGER NOT NULL,
  verdict TEXT(8) NOT NULL,
  reason TEXT(32) NOT NULL
);

-- Children that may go from trees that stay.
CREATE TEMPORARY TABLE lc_child (
  id TEXT(191) NOT NULL PRIMARY KEY,
  parent_id TEXT(191)
);

-- What goes together; a unit is named by its topmost session. Before it, the newest activity of what stays of a tree, and of each child subtree.
CREATE TEMPORARY TABLE lc_core (
  root_id TEXT(191) NOT NULL PRIMARY KEY,
  active INTEGER NOT NULL
);

CREATE TEMPORARY TABLE lc_crown (
  top TEXT(191) NOT NULL PRIMARY KEY,
  active INTEGER NOT NULL
);

CREATE TEMPORARY TABLE lc_unit (
  id TEXT(191) NOT NULL PRIMARY KEY,
  root_id TEXT(191) NOT NULL,
  reason TEXT(32) NOT NULL
);

-- When each unit was last active, which is the order in which units go.
CREATE TEMPORARY TABLE lc_turn (
  root_id TEXT(191) NOT NULL PRIMARY KEY,
  active INTEGER NOT NULL,
  sessions INTEGER NOT NULL,
  bytes INTEGER NOT NULL
);
