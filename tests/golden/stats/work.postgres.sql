-- One row per part: its kind, its octets, and how many of them could go (NULL where nothing is to be done). Filled
-- in one pass, so that the big column is read once and never sorted.
CREATE TEMPORARY TABLE lc_piece (
  id VARCHAR(191) COLLATE "C",
  kind VARCHAR(64) COLLATE "C" NOT NULL,
  bytes BIGINT NOT NULL,
  stamp BIGINT NOT NULL,
  compacted BIGINT
);

-- One row per event: what it is about, its number in the session's log, its octets; whether another machine
-- owns its log, and whether its session is there.
CREATE TEMPORARY TABLE lc_note (
  id VARCHAR(191) COLLATE "C",
  aggregate_id VARCHAR(191) COLLATE "C" NOT NULL,
  type VARCHAR(128) COLLATE "C" NOT NULL,
  entity VARCHAR(191) COLLATE "C" NOT NULL,
  seq BIGINT NOT NULL,
  bytes BIGINT NOT NULL,
  owned INT NOT NULL,
  kept INT NOT NULL
);
