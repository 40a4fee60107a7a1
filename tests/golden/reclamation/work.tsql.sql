-- Rows that shrink: which column of which row, by which kind; what is freed of how many octets, and
-- when the row was last written (0: unknown). Batches are ranges
-- of `number`, which counts from 1 for each kind, table and column.
CREATE TABLE #lc_target (
  kind NVARCHAR(32) COLLATE Latin1_General_100_BIN2 NOT NULL,
  name NVARCHAR(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
  field NVARCHAR(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
  number BIGINT NOT NULL,
  id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL,
  session_id NVARCHAR(191) COLLATE Latin1_General_100_BIN2,
  bytes BIGINT NOT NULL,
  octets BIGINT NOT NULL,
  stamp BIGINT NOT NULL
);

-- Events of kept sessions that go, and the numbers of their logs.
CREATE TABLE #lc_superseded (
  number BIGINT NOT NULL PRIMARY KEY,
  log BIGINT NOT NULL,
  id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL,
  bytes BIGINT NOT NULL
);

-- Ids with rows and without a session.
CREATE TABLE #lc_gone (
  id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL PRIMARY KEY
);

-- Rows whose owner is gone: by their own id where they hold content, else all rows of a gone session at once.
CREATE TABLE #lc_stray (
  name NVARCHAR(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
  number BIGINT NOT NULL,
  id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL,
  tally BIGINT NOT NULL,
  bytes BIGINT NOT NULL
);

CREATE INDEX lc_stray_number ON #lc_stray(name, number);

CREATE INDEX lc_stray_id ON #lc_stray(id);

-- Those of the batch at hand that are still what the list says of them.
CREATE TABLE #lc_ownerless (
  id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL
);

-- Rows that a kind would look into and that are not JSON: they stay as they are.
CREATE TABLE #lc_broken (
  name NVARCHAR(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
  id NVARCHAR(191) COLLATE Latin1_General_100_BIN2
);

-- Huge rows that a kind would change and leaves as they are: what is long in them is not only what would go.
CREATE TABLE #lc_too_large (
  name NVARCHAR(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
  id NVARCHAR(191) COLLATE Latin1_General_100_BIN2
);

-- The batch at hand.
CREATE TABLE #lc_chosen (
  id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL
);

-- Sessions of 1.x that are leftovers (`gone`: 2.x has removed them), with what each consists of.
CREATE TABLE #lc_leftover (
  number BIGINT NOT NULL PRIMARY KEY,
  id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL,
  gone INTEGER NOT NULL,
  tally BIGINT NOT NULL,
  bytes BIGINT NOT NULL,
  written BIGINT NOT NULL
);

-- Messages of 2.x that hold something for a kind, and those that the kinds before have on their lists, with what they
-- leave of each.
CREATE TABLE #lc_filled (
  id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL PRIMARY KEY,
  session_id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL
);

CREATE TABLE #lc_lightened (
  id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL PRIMARY KEY,
  octets BIGINT NOT NULL
);

CREATE TABLE #lc_cleared (
  id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL PRIMARY KEY,
  octets BIGINT NOT NULL
);
