-- The sessions at hand: their rows are copied together. newest, tally, bytes: newest time, number and
-- octets of their rows at the source.
CREATE TABLE #lc_copy (
  id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL PRIMARY KEY,
  newest BIGINT,
  tally BIGINT,
  bytes BIGINT
);

-- Times of what the copy holds of them already.
CREATE TABLE #lc_there (
  id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL,
  newest BIGINT
);
