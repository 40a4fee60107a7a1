-- The sessions at hand: their rows are copied together.
CREATE TEMPORARY TABLE lc_copy (
  id TEXT(191) NOT NULL PRIMARY KEY
);
