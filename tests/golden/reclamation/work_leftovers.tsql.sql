-- Sessions of 1.x that may be leftovers (`gone`: 2.x has removed them).
CREATE TABLE #lc_leftover_candidate (
  id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL PRIMARY KEY,
  gone INTEGER NOT NULL
);

-- Those of them that are none.
CREATE TABLE #lc_no_leftover (
  id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL
);

-- Trees of which something stays.
CREATE TABLE #lc_staying_tree (
  root_id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL PRIMARY KEY
);

-- The leftovers of the batch at hand that are still what the forecast saw.
CREATE TABLE #lc_leftover_batch (
  id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL PRIMARY KEY,
  tally BIGINT NOT NULL,
  bytes BIGINT NOT NULL
);
