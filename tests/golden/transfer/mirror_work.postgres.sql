-- The sessions at hand: their rows are copied together.
CREATE TEMPORARY TABLE lc_copy (
  id VARCHAR(191) COLLATE "C" NOT NULL PRIMARY KEY
);
