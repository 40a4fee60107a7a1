-- Sessions of 1.x that may be leftovers (`gone`: 2.x has removed them).
CREATE TEMPORARY TABLE lc_leftover_candidate (id VARCHAR(191) NOT NULL PRIMARY KEY, gone INT NOT NULL);

-- Those of them that are none.
CREATE TEMPORARY TABLE lc_no_leftover (id VARCHAR(191) NOT NULL);

-- Trees of which something stays.
CREATE TEMPORARY TABLE lc_staying_tree (root_id VARCHAR(191) NOT NULL PRIMARY KEY);

-- The leftovers of the batch at hand that are still what the forecast saw.
CREATE TEMPORARY TABLE lc_leftover_batch (
  id VARCHAR(191) NOT NULL PRIMARY KEY,
  tally BIGINT NOT NULL,
  bytes BIGINT NOT NULL
);
