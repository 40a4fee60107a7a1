-- Sessions of 1.x that may be leftovers (`gone`: 2.x has removed them).
CREATE TEMPORARY TABLE lc_leftover_candidate (
  id TEXT(191) NOT NULL PRIMARY KEY,
  gone INTEGER NOT NULL
);

-- Those of them that are none.
CREATE TEMPORARY TABLE lc_no_leftover (
  id TEXT(191) NOT NULL
);

-- Trees of which something stays.
CREATE TEMPORARY TABLE lc_staying_tree (
  root_id TEXT(191) NOT NULL PRIMARY KEY
);

-- The leftovers of the batch at hand that are still what the forecast saw.
CREATE TEMPORARY TABLE lc_leftover_batch (
  id TEXT(191) NOT NULL PRIMARY KEY,
  tally INTEGER NOT NULL,
  bytes INTEGER NOT NULL
);
