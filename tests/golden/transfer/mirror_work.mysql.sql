-- The sessions at hand: their rows are copied together.
CREATE TEMPORARY TABLE lc_copy (
  id VARCHAR(191) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin NOT NULL PRIMARY KEY
);
