-- All trees of the store and their octets, of which one unattended run takes a share at most.
CREATE TABLE #lc_whole (
  trees BIGINT NOT NULL,
  bytes BIGINT NOT NULL
);

-- Units that are no larger than the share: the place of each, the oldest first, and the octets up to it, both with
-- what has gone before in this run.
CREATE TABLE #lc_share (
  root_id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL PRIMARY KEY,
  place BIGINT NOT NULL,
  filled BIGINT NOT NULL
);

-- Units that stay for this time; `alone` are those that no run with this share takes.
CREATE TABLE #lc_beyond (
  root_id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL PRIMARY KEY,
  bytes BIGINT NOT NULL,
  alone INTEGER NOT NULL
);
