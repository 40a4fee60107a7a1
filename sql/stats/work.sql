-- The sessions that have parts, numbered to be taken a few at a time.
CREATE TEMPORARY TABLE lc_pile (number BIGINT NOT NULL PRIMARY KEY, id VARCHAR(191) NOT NULL, bytes BIGINT NOT NULL);

-- Huge texts: what each says with a word for each long text in it, NULL for what is no JSON; how large it is; and how
-- many octets of results of tools those words stand for.
CREATE TEMPORARY TABLE lc_skeleton (
  name VARCHAR(64) NOT NULL,
  id VARCHAR(191) NOT NULL,
  octets BIGINT NOT NULL,
  more BIGINT NOT NULL,
  value TEXT,
  PRIMARY KEY (name, id)
);

-- One row per part: its kind, its octets, and how many of them could go (NULL where nothing is to be done). Filled
-- in one pass, so that the big column is read once and never sorted.
CREATE TEMPORARY TABLE lc_piece (
  id VARCHAR(191),
  kind VARCHAR(64) NOT NULL,
  bytes BIGINT NOT NULL,
  stamp BIGINT NOT NULL,
  compacted BIGINT
);

-- One row per event: the number of its log, what it is about, its place in the log, its octets; whether another
-- machine owns the log, and whether its session is there.
CREATE TEMPORARY TABLE lc_note (
  id VARCHAR(191),
  log BIGINT NOT NULL,
  type VARCHAR(128) NOT NULL,
  entity VARCHAR(191) NOT NULL,
  seq BIGINT NOT NULL,
  bytes BIGINT NOT NULL,
  owned INT NOT NULL,
  kept INT NOT NULL
);

-- The sessions that have a log, numbered to be taken a few at a time; whether another machine owns it, whether
-- its session is there, and for a reclamation the last event that it looks at.
CREATE TEMPORARY TABLE lc_log (
  id VARCHAR(191) NOT NULL PRIMARY KEY,
  number BIGINT NOT NULL,
  tally BIGINT NOT NULL,
  owned INT NOT NULL,
  kept INT NOT NULL,
  through BIGINT
);

CREATE INDEX lc_log_number ON lc_log (number);

-- What was found in each part of the log: events by type, and those that newer ones repeat.
CREATE TEMPORARY TABLE lc_type (type VARCHAR(128) NOT NULL, tally BIGINT NOT NULL, bytes BIGINT NOT NULL);

CREATE TEMPORARY TABLE lc_repeated (tally BIGINT NOT NULL, bytes BIGINT NOT NULL);
