-- The list: each session that may go, the unit it goes with, and what the plan saw of it
-- (rows and octets without its event log).
CREATE TEMPORARY TABLE lc_planned (
  batch INT NOT NULL,
  id VARCHAR(191) NOT NULL PRIMARY KEY,
  root_id VARCHAR(191) NOT NULL,
  parent_id VARCHAR(191),
  project_id VARCHAR(191),
  shared INT NOT NULL,
  archived INT NOT NULL,
  tally BIGINT NOT NULL,
  bytes BIGINT NOT NULL,
  newest BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  checksum BIGINT NOT NULL,
  facts TEXT
);

CREATE INDEX lc_planned_batch ON lc_planned (batch, id);

-- The batch at hand. Slice 0 is its whole trees; the event log of a large tree goes ahead of it in slices, so that no
-- transaction is long: up to the event whose number is `through`.
CREATE TEMPORARY TABLE lc_batch (number INT NOT NULL, slice INT NOT NULL, through BIGINT);

-- Rows that went so far, by table.
CREATE TEMPORARY TABLE lc_deleted (name VARCHAR(64) NOT NULL PRIMARY KEY, tally BIGINT);

INSERT INTO lc_deleted (name, tally)
VALUES
<%- for table in store.owned %>
  ('<< table.name >>', 0)<< "," if not loop.last else ";" >>
<%- endfor %>

-- Sessions pinned since the plan was made; only `apply` fills it, a shell leaves it empty.
CREATE TEMPORARY TABLE lc_kept (id VARCHAR(191) NOT NULL PRIMARY KEY);

-- What each table holds of the batch's sessions now: rows, those of them that name the session themselves, their
-- checksum (a sum over the lengths of all texts and over all numbers), and the newest time stamp.
CREATE TEMPORARY TABLE lc_census (
  id VARCHAR(191) NOT NULL,
  name VARCHAR(64) NOT NULL,
  tally BIGINT NOT NULL,
  named BIGINT NOT NULL,
  checksum BIGINT NOT NULL,
  newest BIGINT
);

-- Sessions that more parts name than their own messages have.
CREATE TEMPORARY TABLE lc_more (id VARCHAR(191) NOT NULL PRIMARY KEY);

-- The batch's sessions as they are now, and whether each is still what the plan saw.
CREATE TEMPORARY TABLE lc_seen (
  id VARCHAR(191) NOT NULL PRIMARY KEY,
  root_id VARCHAR(191) NOT NULL,
  intact INT NOT NULL
);

-- Units of the batch that must stay, and why; lc_spared gathers them for the report.
CREATE TEMPORARY TABLE lc_objection (root_id VARCHAR(191) NOT NULL, reason VARCHAR(32) NOT NULL);

CREATE TEMPORARY TABLE lc_spared (root_id VARCHAR(191) NOT NULL PRIMARY KEY, reason VARCHAR(32) NOT NULL);

-- What the guard let through: every deletion goes by this list and by nothing else.
CREATE TEMPORARY TABLE lc_doomed (id VARCHAR(191) NOT NULL PRIMARY KEY);

-- What hangs on the client's tables now (foreign keys, triggers and the like), and what did as the plan was made: the
-- script ends before its first batch when there is more of it.
CREATE TEMPORARY TABLE lc_side_effect (
  kind VARCHAR(16) NOT NULL,
  name VARCHAR(300) NOT NULL,
  place VARCHAR(300) NOT NULL,
  through TEXT NOT NULL,
  said TEXT NOT NULL,
  must_be_foreseen INT NOT NULL
);

CREATE TEMPORARY TABLE lc_foreseen (
  kind VARCHAR(16) NOT NULL,
  name VARCHAR(300) NOT NULL,
  place VARCHAR(300) NOT NULL,
  through TEXT NOT NULL,
  said TEXT NOT NULL
);
