-- One row per part: its kind, its octets, and how many of them could go (NULL where nothing is to be done). Filled
-- in one pass, so that the big column is read once and never sorted.
CREATE TABLE #lc_piece (
  id NVARCHAR(191) COLLATE Latin1_General_100_BIN2,
  kind NVARCHAR(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
  bytes BIGINT NOT NULL,
  stamp BIGINT NOT NULL,
  compacted BIGINT
);

-- One row per event: what it is about, its number in the session's log, its octets; whether another machine
-- owns its log, and whether its session is there.
CREATE TABLE #lc_note (
  id NVARCHAR(191) COLLATE Latin1_General_100_BIN2,
  aggregate_id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL,
  type NVARCHAR(128) COLLATE Latin1_General_100_BIN2 NOT NULL,
  entity NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL,
  seq BIGINT NOT NULL,
  bytes BIGINT NOT NULL,
  owned INTEGER NOT NULL,
  kept INTEGER NOT NULL
);
