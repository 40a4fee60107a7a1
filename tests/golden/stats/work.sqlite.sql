-- One row per part: its kind, its octets, and how many of them could go (NULL where nothing is to be done). Filled
-- in one pass, so that the big column is read once and never sorted.
CREATE TEMPORARY TABLE lc_piece (
  id TEXT(191),
  kind TEXT(64) NOT NULL,
  bytes INTEGER NOT NULL,
  stamp INTEGER NOT NULL,
  compacted INTEGER
);

-- One row per event: what it is about, its number in the session's log, its octets; whether another machine
-- owns its log, and whether its session is there.
CREATE TEMPORARY TABLE lc_note (
  id TEXT(191),
  aggregate_id TEXT(191) NOT NULL,
  type TEXT(128) NOT NULL,
  entity TEXT(191) NOT NULL,
  seq INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  owned INTEGER NOT NULL,
  kept INTEGER NOT NULL
);
