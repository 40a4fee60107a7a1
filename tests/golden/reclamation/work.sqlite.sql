-- Rows that shrink: which column of which row, by which kind; what is freed of how many octets, and
-- when the row was last written (0: unknown). Batches are ranges
-- of `number`, which counts from 1 for each kind, table and column.
CREATE TEMPORARY TABLE lc_target (
  kind TEXT(32) NOT NULL,
  name TEXT(64) NOT NULL,
  field TEXT(64) NOT NULL,
  number INTEGER NOT NULL,
  id TEXT(191) NOT NULL,
  session_id TEXT(191),
  bytes INTEGER NOT NULL,
  octets INTEGER NOT NULL,
  stamp INTEGER NOT NULL
);

CREATE INDEX lc_target_number ON lc_target(kind, name, field, number);

-- Events of kept sessions that go.
CREATE TEMPORARY TABLE lc_superseded (
  number INTEGER NOT NULL PRIMARY KEY,
  id TEXT(191) NOT NULL,
  bytes INTEGER NOT NULL
);

-- Ids with rows and without a session.
CREATE TEMPORARY TABLE lc_gone (
  id TEXT(191) NOT NULL PRIMARY KEY
);

-- Rows whose owner is gone: by their own id where they hold content, else all rows of a gone session at once.
CREATE TEMPORARY TABLE lc_stray (
  name TEXT(64) NOT NULL,
  number INTEGER NOT NULL,
  id TEXT(191) NOT NULL,
  tally INTEGER NOT NULL,
  bytes INTEGER NOT NULL
);

CREATE INDEX lc_stray_number ON lc_stray(name, number);

CREATE INDEX lc_stray_id ON lc_stray(id);

-- Rows that a kind would look into and that are not JSON: they stay as they are.
CREATE TEMPORARY TABLE lc_broken (
  name TEXT(64) NOT NULL,
  id TEXT(191)
);

-- The batch at hand.
CREATE TEMPORARY TABLE lc_chosen (
  id TEXT(191) NOT NULL
);

-- Original values on their way back.
CREATE TEMPORARY TABLE lc_original (
  id TEXT(191) NOT NULL,
  value TEXT
);

-- What a kind has to know of a conversation: tool results in the order in which the client walks back over them;
-- the second newest prompt of each session; the newest finished compaction, and the first message still sent.
CREATE TEMPORARY TABLE lc_result (
  id TEXT(191) NOT NULL,
  session_id TEXT(191) NOT NULL,
  message_id TEXT(191) NOT NULL,
  created INTEGER NOT NULL,
  size INTEGER NOT NULL,
  octets INTEGER NOT NULL,
  rest INTEGER NOT NULL,
  stamp INTEGER NOT NULL
);

CREATE TEMPORARY TABLE lc_prompt (
  session_id TEXT(191) NOT NULL PRIMARY KEY,
  created INTEGER NOT NULL,
  id TEXT(191) NOT NULL
);

CREATE TEMPORARY TABLE lc_summary (
  parent_id TEXT(191) NOT NULL
);

CREATE TEMPORARY TABLE lc_fold (
  session_id TEXT(191) NOT NULL PRIMARY KEY,
  id TEXT(191) NOT NULL,
  tail_id TEXT(191)
);

CREATE TEMPORARY TABLE lc_sent (
  session_id TEXT(191) NOT NULL PRIMARY KEY,
  created INTEGER NOT NULL,
  id TEXT(191) NOT NULL
);
