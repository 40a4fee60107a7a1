-- One row per part: its kind, its octets, and how many of them could go. Filled in one pass, so that the big column
-- is read once and never sorted.
CREATE TEMPORARY TABLE lc_piece (
  kind VARCHAR(64) NOT NULL,
  bytes BIGINT NOT NULL,
  compacted BIGINT NOT NULL,
  attached BIGINT NOT NULL
);

-- One row per event: what it is about, its number in the session's log, its octets.
CREATE TEMPORARY TABLE lc_note (
  aggregate_id VARCHAR(191) NOT NULL,
  type VARCHAR(128) NOT NULL,
  entity VARCHAR(191) NOT NULL,
  seq BIGINT NOT NULL,
  bytes BIGINT NOT NULL,
  owned INT NOT NULL
);

-- What each kind of reclamation would free.
CREATE TEMPORARY TABLE lc_gain (kind VARCHAR(32) NOT NULL, found BIGINT NOT NULL, bytes BIGINT NOT NULL);
