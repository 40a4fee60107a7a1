-- The sessions at hand: their rows are copied together. newest, tally, bytes: newest time, number and
-- octets of their rows at the source.
CREATE TABLE #lc_copy (
  id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL PRIMARY KEY,
  root_id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL,
  newest BIGINT,
  tally BIGINT,
  bytes BIGINT
);

CREATE INDEX lc_copy_root ON #lc_copy(root_id);

-- Times of what the copy holds of them already.
CREATE TABLE #lc_there (
  id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL,
  newest BIGINT
);

CREATE INDEX lc_there_id ON #lc_there(id);
