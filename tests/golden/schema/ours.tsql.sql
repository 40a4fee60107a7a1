-- Pinned sessions of a server store. No column of it is a session key: a removal leaves it alone.
CREATE TABLE lifecycle_pin (
  session NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL PRIMARY KEY,
  since BIGINT NOT NULL
);

-- Every change that was made to the tables of a server store, in its order.
CREATE TABLE lifecycle_change (
  number INTEGER NOT NULL PRIMARY KEY,
  moment BIGINT NOT NULL,
  version NVARCHAR(32) COLLATE Latin1_General_100_BIN2 NOT NULL,
  statement NVARCHAR(MAX) NOT NULL
);

-- Of which version the tables of ours are: a version that knows less keeps its hands off.
CREATE TABLE lifecycle_schema (
  version INTEGER NOT NULL PRIMARY KEY,
  moment BIGINT NOT NULL
);

-- What each origin, a store on a machine, brought here: of each session its tree, what tells two states of it apart
-- (`fingerprint`; `digest` is that of all its rows), the newest time, number and octets of its rows, when it was looked at,
-- and since when the origin has it no more. `kept`: 0 where another origin's later rows stand here in its place.
CREATE TABLE lifecycle_copy (
  origin NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL,
  session_id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL,
  root_id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL,
  fingerprint NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL,
  digest NVARCHAR(64) COLLATE Latin1_General_100_BIN2,
  newest BIGINT,
  tally BIGINT NOT NULL,
  bytes BIGINT NOT NULL,
  seen BIGINT NOT NULL,
  vanished BIGINT,
  kept INTEGER NOT NULL,
  PRIMARY KEY (origin, session_id)
);

CREATE INDEX lifecycle_copy_session ON lifecycle_copy(session_id);

CREATE INDEX lifecycle_copy_root ON lifecycle_copy(root_id);

-- The row of each project as each origin has it, which may lie in another folder there.
CREATE TABLE lifecycle_project (
  origin NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL,
  project_id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL,
  worktree NVARCHAR(MAX),
  fields NVARCHAR(MAX) NOT NULL,
  seen BIGINT NOT NULL,
  PRIMARY KEY (origin, project_id)
);
