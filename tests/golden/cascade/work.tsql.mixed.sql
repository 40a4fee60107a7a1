-- The list: each session that may go, the unit it goes with, and what the plan saw of it
-- (rows and octets without its event log).
CREATE TABLE #lc_planned (
  batch INTEGER NOT NULL,
  id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL PRIMARY KEY,
  root_id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL,
  parent_id NVARCHAR(191) COLLATE Latin1_General_100_BIN2,
  project_id NVARCHAR(191) COLLATE Latin1_General_100_BIN2,
  shared INTEGER NOT NULL,
  archived INTEGER NOT NULL,
  tally BIGINT NOT NULL,
  bytes BIGINT NOT NULL,
  newest BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  checksum BIGINT NOT NULL,
  facts NVARCHAR(MAX)
);

CREATE INDEX lc_planned_batch ON #lc_planned(batch, id);

-- The batch at hand. Slice 0 is its whole trees; the event log of a large tree goes ahead of it in slices, so that no
-- transaction is long: up to the event whose number is `through`.
CREATE TABLE #lc_batch (
  number INTEGER NOT NULL,
  slice INTEGER NOT NULL,
  through BIGINT
);

-- Rows that went so far, by table.
CREATE TABLE #lc_deleted (
  name NVARCHAR(64) COLLATE Latin1_General_100_BIN2 NOT NULL PRIMARY KEY,
  tally BIGINT
);

INSERT INTO #lc_deleted (
  name,
  tally
)
VALUES
  ('part', 0),
  ('message', 0),
  ('todo', 0),
  ('session_share', 0),
  ('session_message', 0),
  ('session_pending', 0),
  ('session_inbox', 0),
  ('instruction_entry', 0),
  ('instruction_state', 0),
  ('event', 0),
  ('event_sequence', 0),
  ('session_v2', 0),
  ('session', 0);

-- Sessions pinned since the plan was made; only `apply` fills it, a shell leaves it empty.
CREATE TABLE #lc_kept (
  id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL PRIMARY KEY
);

-- What each table holds of the batch's sessions now: rows, those of them that name the session themselves, their
-- checksum (a sum over the lengths of all texts and over all numbers), and the newest time stamp.
CREATE TABLE #lc_census (
  id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL,
  name NVARCHAR(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
  tally BIGINT NOT NULL,
  named BIGINT NOT NULL,
  checksum BIGINT NOT NULL,
  newest BIGINT
);

-- Sessions that more parts name than their own messages have.
CREATE TABLE #lc_more (
  id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL PRIMARY KEY
);

-- The batch's sessions as they are now, and whether each is still what the plan saw.
CREATE TABLE #lc_seen (
  id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL PRIMARY KEY,
  root_id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL,
  intact INTEGER NOT NULL
);

-- Units of the batch that must stay, and why; lc_spared gathers them for the report.
CREATE TABLE #lc_objection (
  root_id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL,
  reason NVARCHAR(32) COLLATE Latin1_General_100_BIN2 NOT NULL
);

CREATE TABLE #lc_spared (
  root_id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL PRIMARY KEY,
  reason NVARCHAR(32) COLLATE Latin1_General_100_BIN2 NOT NULL
);

-- What the guard let through: every deletion goes by this list and by nothing else.
CREATE TABLE #lc_doomed (
  id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL PRIMARY KEY
);

-- What hangs on the client's tables now (foreign keys, triggers and the like), and what did as the plan was made: the
-- script ends before its first batch when there is more of it.
CREATE TABLE #lc_side_effect (
  kind NVARCHAR(16) COLLATE Latin1_General_100_BIN2 NOT NULL,
  name NVARCHAR(300) COLLATE Latin1_General_100_BIN2 NOT NULL,
  place NVARCHAR(300) COLLATE Latin1_General_100_BIN2 NOT NULL,
  through NVARCHAR(MAX) NOT NULL,
  said NVARCHAR(MAX) NOT NULL,
  must_be_foreseen INTEGER NOT NULL
);

CREATE TABLE #lc_foreseen (
  kind NVARCHAR(16) COLLATE Latin1_General_100_BIN2 NOT NULL,
  name NVARCHAR(300) COLLATE Latin1_General_100_BIN2 NOT NULL,
  place NVARCHAR(300) COLLATE Latin1_General_100_BIN2 NOT NULL,
  through NVARCHAR(MAX) NOT NULL,
  said NVARCHAR(MAX) NOT NULL
);
