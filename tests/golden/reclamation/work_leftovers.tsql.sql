-- Sessions of 1.x that may be leftovers, those of them that are not, and trees of which something stays; the sessions of
-- the batch at hand.
CREATE TABLE #lc_left (
  id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL PRIMARY KEY,
  gone INTEGER NOT NULL
);

CREATE TABLE #lc_unlike (
  id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL
);

CREATE TABLE #lc_standing (
  root_id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL PRIMARY KEY
);

CREATE TABLE #lc_leaving (
  id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL PRIMARY KEY,
  tally BIGINT NOT NULL,
  bytes BIGINT NOT NULL
);
