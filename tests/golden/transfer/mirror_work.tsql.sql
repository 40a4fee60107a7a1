-- The sessions at hand: their rows are copied together.
CREATE TABLE #lc_copy (
  id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL PRIMARY KEY
);
