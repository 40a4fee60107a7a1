-- The list: each session that may go, the unit it goes with, and what the plan saw of it
-- (rows and octets without its event log).
CREATE TEMPORARY TABLE lc_planned (
  batch INTEGER NOT NULL,
  id TEXT(191) NOT NULL PRIMARY KEY,
  root_id TEXT(191) NOT NULL,
  parent_id TEXT(191),
  project_id TEXT(191),
  shared INTEGER NOT NULL,
  archived INTEGER NOT NULL,
  tally INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  newest INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  checksum INTEGER NOT NULL,
  facts TEXT
);

CREATE INDEX lc_planned_batch ON lc_planned(batch, id);

-- The batch at hand. Slice 0 is its whole trees; the event log of a large tree goes ahead of it in slices, so that no
-- transaction is long: up to the event whose number is `through`.
CREATE TEMPORARY TABLE lc_batch (
  number INTEGER NOT NULL,
  slice INTEGER NOT NULL,
  through INTEGER
);

-- Rows that went so far, by table.
CREATE TEMPORARY TABLE lc_deleted (
  name TEXT(64) NOT NULL PRIMARY KEY,
  tally INTEGER
);

INSERT INTO lc_deleted (
  name,
  tally
)
VALUES
  ('part', 0),
  ('message', 0),
  ('todo', 0),
  ('session_share', 0),
  ('session_message', 0),
  ('session_input', 0),
  ('session_context_epoch', 0),
  ('event', 0),
  ('event_sequence', 0),
  ('session', 0);

-- Sessions pinned since the plan was made; only `apply` fills it, a shell leaves it empty.
CREATE TEMPORARY TABLE lc_kept (
  id TEXT(191) NOT NULL PRIMARY KEY
);

-- What each table holds of the batch's sessions now: rows, those of them that name the session themselves, their
-- checksum (a sum over the lengths of all texts and over all numbers), and the newest time stamp.
CREATE TEMPORARY TABLE lc_census (
  id TEXT(191) NOT NULL,
  name TEXT(64) NOT NULL,
  tally INTEGER NOT NULL,
  named INTEGER NOT NULL,
  checksum INTEGER NOT NULL,
  newest INTEGER
);

-- Sessions that more parts name than their own messages have.
CREATE TEMPORARY TABLE lc_more (
  id TEXT(191) NOT NULL PRIMARY KEY
);

-- The batch's sessions as they are now, and whether each is still what the plan saw.
CREATE TEMPORARY TABLE lc_seen (
  id TEXT(191) NOT NULL PRIMARY KEY,
  root_id TEXT(191) NOT NULL,
  intact INTEGER NOT NULL
);

-- Units of the batch that must stay, and why; lc_spared gathers them for the report.
CREATE TEMPORARY TABLE lc_objection (
  root_id TEXT(191) NOT NULL,
  reason TEXT(32) NOT NULL
);

CREATE TEMPORARY TABLE lc_spared (
  root_id TEXT(191) NOT NULL PRIMARY KEY,
  reason TEXT(32) NOT NULL
);

-- What the guard let through: every deletion goes by this list and by nothing else.
CREATE TEMPORARY TABLE lc_doomed (
  id TEXT(191) NOT NULL PRIMARY KEY
);

-- What hangs on the client's tables now (foreign keys, triggers and the like), and what did as the plan was made: the
-- script ends before its first batch when there is more of it.
CREATE TEMPORARY TABLE lc_side_effect (
  kind TEXT(16) NOT NULL,
  name TEXT(300) NOT NULL,
  place TEXT(300) NOT NULL,
  through TEXT NOT NULL,
  said TEXT NOT NULL,
  must_be_foreseen INTEGER NOT NULL
);

CREATE TEMPORARY TABLE lc_foreseen (
  kind TEXT(16) NOT NULL,
  name TEXT(300) NOT NULL,
  place TEXT(300) NOT NULL,
  through TEXT NOT NULL,
  said TEXT NOT NULL
);
