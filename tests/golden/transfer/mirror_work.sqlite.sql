-- The sessions at hand: their rows are copied together. newest: the newest time of any of their rows at the source.
CREATE TEMPORARY TABLE lc_copy (
  id TEXT(191) NOT NULL PRIMARY KEY,
  newest INTEGER
);

-- Times of what the copy holds of them already.
CREATE TEMPORARY TABLE lc_there (
  id TEXT(191) NOT NULL,
  newest INTEGER
);
