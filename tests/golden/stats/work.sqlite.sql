-- The sessions that have parts, numbered to be taken a few at a time.
CREATE TEMPORARY TABLE lc_pile (
  number INTEGER NOT NULL PRIMARY KEY,
  id TEXT(191) NOT NULL,
  bytes INTEGER NOT NULL
);

-- Huge texts: what each says with a word for each long text in it, NULL for what is no JSON; how large it is; and how
-- many octets of results of tools those words stand for.
CREATE TEMPORARY TABLE lc_skeleton (
  name TEXT(64) NOT NULL,
  id TEXT(191) NOT NULL,
  octets INTEGER NOT NULL,
  more INTEGER NOT NULL,
  value TEXT,
  PRIMARY KEY (name, id)
);

-- One row per part: its kind, its octets, and how many of them could go (NULL where nothing is to be done). Filled
-- in one pass, so that the big column is read once and never sorted.
CREATE TEMPORARY TABLE lc_piece (
  id TEXT(191),
  kind TEXT(64) NOT NULL,
  bytes INTEGER NOT NULL,
  stamp INTEGER NOT NULL,
  compacted INTEGER
);

-- One row per event: the number of its log, what it is about, its place in the log, its octets; whether another
-- machine owns the log, and whether its session is there.
CREATE TEMPORARY TABLE lc_note (
  id TEXT(191),
  log INTEGER NOT NULL,
  type TEXT(128) NOT NULL,
  entity TEXT(191) NOT NULL,
  seq INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  owned INTEGER NOT NULL,
  kept INTEGER NOT NULL
);

-- The sessions that have a log, numbered to be taken a few at a time; whether another machine owns it, whether
-- its session is there, and for a reclamation the last event that it looks at.
CREATE TEMPORARY TABLE lc_log (
  id TEXT(191) NOT NULL PRIMARY KEY,
  number INTEGER NOT NULL,
  tally INTEGER NOT NULL,
  owned INTEGER NOT NULL,
  kept INTEGER NOT NULL,
  through INTEGER
);

CREATE INDEX lc_log_number ON lc_log(number);

-- What was found in each part of the log: events by type, and those that newer ones repeat.
CREATE TEMPORARY TABLE lc_type (
  type TEXT(128) NOT NULL,
  tally INTEGER NOT NULL,
  bytes INTEGER NOT NULL
);

CREATE TEMPORARY TABLE lc_repeated (
  tally INTEGER NOT NULL,
  bytes INTEGER NOT NULL
);
