-- Sessions of 1.x that may be leftovers, those of them that are not, and trees of which something stays; the sessions of
-- the batch at hand.
CREATE TEMPORARY TABLE lc_left (
  id VARCHAR(191) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin NOT NULL PRIMARY KEY,
  gone INT NOT NULL
);

CREATE TEMPORARY TABLE lc_unlike (
  id VARCHAR(191) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin NOT NULL
);

CREATE TEMPORARY TABLE lc_standing (
  root_id VARCHAR(191) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin NOT NULL PRIMARY KEY
);

CREATE TEMPORARY TABLE lc_leaving (
  id VARCHAR(191) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin NOT NULL PRIMARY KEY,
  tally BIGINT NOT NULL,
  bytes BIGINT NOT NULL
);
