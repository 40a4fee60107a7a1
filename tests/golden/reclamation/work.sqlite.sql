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

-- Events of kept sessions that go, and the numbers of their logs.
CREATE TEMPORARY TABLE lc_superseded (
  number INTEGER NOT NULL PRIMARY KEY,
  log INTEGER NOT NULL,
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

-- Those of the batch at hand that are still what the list says of them.
CREATE TEMPORARY TABLE lc_ownerless (
  id TEXT(191) NOT NULL
);

-- Rows that a kind would look into and that are not JSON: they stay as they are.
CREATE TEMPORARY TABLE lc_broken (
  name TEXT(64) NOT NULL,
  id TEXT(191)
);

-- Huge rows that a kind would change and leaves as they are: what is long in them is not only what would go.
CREATE TEMPORARY TABLE lc_too_large (
  name TEXT(64) NOT NULL,
  id TEXT(191)
);

-- The batch at hand.
CREATE TEMPORARY TABLE lc_chosen (
  id TEXT(191) NOT NULL
);

-- Sessions of 1.x that are leftovers (`gone`: 2.x has removed them), with what each consists of.
CREATE TEMPORARY TABLE lc_leftover (
  number INTEGER NOT NULL PRIMARY KEY,
  id TEXT(191) NOT NULL,
  gone INTEGER NOT NULL,
  tally INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  written INTEGER NOT NULL
);

-- Messages of 2.x that hold something for a kind, and those that the kinds before have on their lists, with what they
-- leave of each.
CREATE TEMPORARY TABLE lc_filled (
  id TEXT(191) NOT NULL PRIMARY KEY,
  session_id TEXT(191) NOT NULL
);

CREATE TEMPORARY TABLE lc_lightened (
  id TEXT(191) NOT NULL PRIMARY KEY,
  octets INTEGER NOT NULL
);

CREATE TEMPORARY TABLE lc_cleared (
  id TEXT(191) NOT NULL PRIMARY KEY,
  octets INTEGER NOT NULL
);
