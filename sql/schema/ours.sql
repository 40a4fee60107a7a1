<% if not store.has("lifecycle_pin") -%>
-- Pinned sessions of a server store. No column of it is a session key: a removal leaves it alone.
CREATE TABLE lifecycle_pin (
  session VARCHAR(191) NOT NULL PRIMARY KEY,
  since BIGINT NOT NULL
);
<% endif %>
<%- if not store.has("lifecycle_change") %>
-- Every change that was made to the tables of a server store, in its order.
CREATE TABLE lifecycle_change (
  number INT NOT NULL PRIMARY KEY,
  moment BIGINT NOT NULL,
  version VARCHAR(32) NOT NULL,
  statement TEXT NOT NULL
);
<% endif %>
<%- if not store.has("lifecycle_schema") %>
-- Of which version the tables of ours are: a version that knows less keeps its hands off.
CREATE TABLE lifecycle_schema (version INT NOT NULL PRIMARY KEY, moment BIGINT NOT NULL);
<% endif %>
<%- if not store.has("lifecycle_copy") %>
-- What each origin, a store on a machine, brought here: of each session its tree, what tells two states of it apart
-- (`fingerprint`; `digest` is that of all its rows), the newest time, number and octets of its rows, when it was looked at,
-- and since when the origin has it no more. `kept`: 0 where another origin's later rows stand here in its place.
CREATE TABLE lifecycle_copy (
  origin VARCHAR(191) NOT NULL,
  session_id VARCHAR(191) NOT NULL,
  root_id VARCHAR(191) NOT NULL,
  fingerprint VARCHAR(191) NOT NULL,
  digest VARCHAR(64),
  newest BIGINT,
  tally BIGINT NOT NULL,
  bytes BIGINT NOT NULL,
  seen BIGINT NOT NULL,
  vanished BIGINT,
  kept INT NOT NULL,
  PRIMARY KEY (origin, session_id)
);

CREATE INDEX lifecycle_copy_session ON lifecycle_copy (session_id);

CREATE INDEX lifecycle_copy_root ON lifecycle_copy (root_id);
<% endif %>
<%- if not store.has("lifecycle_project") %>
-- The row of each project as each origin has it, which may lie in another folder there.
CREATE TABLE lifecycle_project (
  origin VARCHAR(191) NOT NULL,
  project_id VARCHAR(191) NOT NULL,
  worktree TEXT,
  fields TEXT NOT NULL,
  seen BIGINT NOT NULL,
  PRIMARY KEY (origin, project_id)
);
<% endif %>
