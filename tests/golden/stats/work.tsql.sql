-- The sessions that have parts, numbered to be taken a few at a time.
CREATE TABLE #lc_pile (
  number BIGINT NOT NULL PRIMARY KEY,
  id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL,
  bytes BIGINT NOT NULL
);

-- Huge texts: what each says with a word for each long text in it, NULL for what is no JSON; how large it is; and how
-- many octets of results of tools those words stand for.
CREATE TABLE #lc_skeleton (
  name NVARCHAR(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
  id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL,
  octets BIGINT NOT NULL,
  more BIGINT NOT NULL,
  value NVARCHAR(MAX),
  PRIMARY KEY (name, id)
);

-- One row per part: its kind, its octets, and how many of them could go (NULL where nothing is to be done). Filled
-- in one pass, so that the big column is read once and never sorted.
CREATE TABLE #lc_piece (
  id NVARCHAR(191) COLLATE Latin1_General_100_BIN2,
  kind NVARCHAR(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
  bytes BIGINT NOT NULL,
  stamp BIGINT NOT NULL,
  compacted BIGINT
);

-- One row per event: the number of its log, what it is about, its place in the log, its octets; whether another
-- machine owns the log, and whether its session is there.
CREATE TABLE #lc_note (
  id NVARCHAR(191) COLLATE Latin1_General_100_BIN2,
  log BIGINT NOT NULL,
  type NVARCHAR(128) COLLATE Latin1_General_100_BIN2 NOT NULL,
  entity NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL,
  seq BIGINT NOT NULL,
  bytes BIGINT NOT NULL,
  owned INTEGER NOT NULL,
  kept INTEGER NOT NULL
);

-- The sessions that have a log, numbered to be taken a few at a time; whether another machine owns it, whether
-- its session is there, and for a reclamation the last event that it looks at.
CREATE TABLE #lc_log (
  id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL PRIMARY KEY,
  number BIGINT NOT NULL,
  tally BIGINT NOT NULL,
  owned INTEGER NOT NULL,
  kept INTEGER NOT NULL,
  through BIGINT
);

CREATE INDEX lc_log_number ON #lc_log(number);

-- What was found in each part of the log: events by type, and those that newer ones repeat.
CREATE TABLE #lc_type (
  type NVARCHAR(128) COLLATE Latin1_General_100_BIN2 NOT NULL,
  tally BIGINT NOT NULL,
  bytes BIGINT NOT NULL
);

CREATE TABLE #lc_repeated (
  tally BIGINT NOT NULL,
  bytes BIGINT NOT NULL
);
