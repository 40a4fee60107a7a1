-- Sessions of 1.x that may be leftovers, those of them that are not, and trees of which something stays; the sessions of
-- the batch at hand.
CREATE TEMPORARY TABLE lc_left (
  id TEXT(191) NOT NULL PRIMARY KEY,
  gone INTEGER NOT NULL
);

CREATE TEMPORARY TABLE lc_unlike (
  id TEXT(191) NOT NULL
);

CREATE TEMPORARY TABLE lc_standing (
  root_id TEXT(191) NOT NULL PRIMARY KEY
);

CREATE TEMPORARY TABLE lc_leaving (
  id TEXT(191) NOT NULL PRIMARY KEY,
  tally INTEGER NOT NULL,
  bytes INTEGER NOT NULL
);
