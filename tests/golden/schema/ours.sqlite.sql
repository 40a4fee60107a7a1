-- Pinned sessions of a server store. No column of it is a session key: a removal leaves it alone.
CREATE TABLE lifecycle_pin (
  session TEXT(191) NOT NULL PRIMARY KEY,
  since INTEGER NOT NULL
);

-- Every change that was made to the tables of a server store, in its order.
CREATE TABLE lifecycle_change (
  number INTEGER NOT NULL PRIMARY KEY,
  moment INTEGER NOT NULL,
  version TEXT(32) NOT NULL,
  statement TEXT NOT NULL
);

-- Of which version the tables of ours are: a version that knows less keeps its hands off.
CREATE TABLE lifecycle_schema (
  version INTEGER NOT NULL PRIMARY KEY,
  moment INTEGER NOT NULL
);

-- What each origin, a store on a machine, brought here: of each session its tree, what tells two states of it apart
-- (`fingerprint`; `digest` is that of all its rows), the newest time, number and octets of its rows, when it was looked at,
-- and since when the origin has it no more. `kept`: 0 where another origin's later rows stand here in its place.
CREATE TABLE lifecycle_copy (
  origin TEXT(191) NOT NULL,
  session_id TEXT(191) NOT NULL,
  root_id TEXT(191) NOT NULL,
  fingerprint TEXT(191) NOT NULL,
  digest TEXT(64),
  newest INTEGER,
  tally INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  seen INTEGER NOT NULL,
  vanished INTEGER,
  kept INTEGER NOT NULL,
  PRIMARY KEY (origin, session_id)
);

CREATE INDEX lifecycle_copy_session ON lifecycle_copy(session_id);

CREATE INDEX lifecycle_copy_root ON lifecycle_copy(root_id);

-- The row of each project as each origin has it, which may lie in another folder there.
CREATE TABLE lifecycle_project (
  origin TEXT(191) NOT NULL,
  project_id TEXT(191) NOT NULL,
  worktree TEXT,
  fields TEXT NOT NULL,
  seen INTEGER NOT NULL,
  PRIMARY KEY (origin, project_id)
);
