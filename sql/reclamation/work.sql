-- Rows that shrink: which column of which row, by which kind; what is freed of how many octets, and
-- when the row was last written (0: unknown). Batches are ranges
-- of `number`, which counts from 1 for each kind, table and column.
CREATE TEMPORARY TABLE lc_target (
  kind VARCHAR(32) NOT NULL,
  name VARCHAR(64) NOT NULL,
  field VARCHAR(64) NOT NULL,
  number BIGINT NOT NULL,
  id VARCHAR(191) NOT NULL,
  session_id VARCHAR(191),
  bytes BIGINT NOT NULL,
  octets BIGINT NOT NULL,
  stamp BIGINT NOT NULL
);

-- Events of kept sessions that go, and the numbers of their logs.
CREATE TEMPORARY TABLE lc_superseded (
  number BIGINT NOT NULL PRIMARY KEY,
  log BIGINT NOT NULL,
  id VARCHAR(191) NOT NULL,
  bytes BIGINT NOT NULL
);

-- Ids with rows and without a session.
CREATE TEMPORARY TABLE lc_gone (id VARCHAR(191) NOT NULL PRIMARY KEY);

-- Rows whose owner is gone: by their own id where they hold content, else all rows of a gone session at once.
CREATE TEMPORARY TABLE lc_stray (
  name VARCHAR(64) NOT NULL,
  number BIGINT NOT NULL,
  id VARCHAR(191) NOT NULL,
  tally BIGINT NOT NULL,
  bytes BIGINT NOT NULL
);

CREATE INDEX lc_stray_number ON lc_stray (name, number);

CREATE INDEX lc_stray_id ON lc_stray (id);

-- Those of the batch at hand that are still what the list says of them.
CREATE TEMPORARY TABLE lc_ownerless (id VARCHAR(191) NOT NULL);

-- Rows that a kind would look into and that are not JSON: they stay as they are.
CREATE TEMPORARY TABLE lc_broken (name VARCHAR(64) NOT NULL, id VARCHAR(191));

-- Huge rows that a kind would change and leaves as they are: what is long in them is not only what would go.
CREATE TEMPORARY TABLE lc_too_large (name VARCHAR(64) NOT NULL, id VARCHAR(191));

-- The batch at hand.
CREATE TEMPORARY TABLE lc_chosen (id VARCHAR(191) NOT NULL);

-- Sessions of 1.x that are leftovers (`gone`: 2.x has removed them), with what each consists of.
CREATE TEMPORARY TABLE lc_leftover (
  number BIGINT NOT NULL PRIMARY KEY,
  id VARCHAR(191) NOT NULL,
  gone INT NOT NULL,
  tally BIGINT NOT NULL,
  bytes BIGINT NOT NULL,
  written BIGINT NOT NULL
);

-- Messages of 2.x that hold something for a kind, and those that the kinds before have on their lists, with what they
-- leave of each.
CREATE TEMPORARY TABLE lc_filled (id VARCHAR(191) NOT NULL PRIMARY KEY, session_id VARCHAR(191) NOT NULL);

CREATE TEMPORARY TABLE lc_lightened (id VARCHAR(191) NOT NULL PRIMARY KEY, octets BIGINT NOT NULL);

CREATE TEMPORARY TABLE lc_cleared (id VARCHAR(191) NOT NULL PRIMARY KEY, octets BIGINT NOT NULL);
