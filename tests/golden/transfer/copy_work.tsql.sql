-- The sessions of the source as they are now, each with its tree, its fingerprint, the newest time of its rows, and
-- whether a session of that id is there at all.
CREATE TABLE #lc_now (
  id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL PRIMARY KEY,
  root_id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL,
  fingerprint NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL,
  newest BIGINT,
  rooted INTEGER NOT NULL
);

-- What other origins brought of the trees at hand and this one did not: newest time, rows, octets.
CREATE TABLE #lc_foreign (
  root_id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL,
  newest BIGINT,
  tally BIGINT NOT NULL,
  bytes BIGINT NOT NULL
);

-- What was brought in the transaction at hand, or was not since another origin's is newer (`kept` is 0).
CREATE TABLE #lc_brought (
  id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL PRIMARY KEY,
  root_id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL,
  fingerprint NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL,
  digest NVARCHAR(64) COLLATE Latin1_General_100_BIN2,
  newest BIGINT,
  tally BIGINT NOT NULL,
  bytes BIGINT NOT NULL,
  kept INTEGER NOT NULL
);
