-- The source's rows of the sessions at hand: whose, which, when each last changed, its octets, its place in a log.
CREATE TABLE #lc_source (
  name NVARCHAR(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
  id NVARCHAR(191) COLLATE Latin1_General_100_BIN2,
  owner_id NVARCHAR(191) COLLATE Latin1_General_100_BIN2,
  newest BIGINT,
  octets BIGINT,
  seq BIGINT
);

CREATE INDEX lc_source_id ON #lc_source(id);

CREATE INDEX lc_source_owner ON #lc_source(owner_id);

-- Rows of the copy that are richer than the source's and stay.
CREATE TABLE #lc_richer (
  name NVARCHAR(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
  id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL,
  owner_id NVARCHAR(191) COLLATE Latin1_General_100_BIN2,
  seq BIGINT
);

CREATE INDEX lc_richer_id ON #lc_richer(id);

-- Sessions of which the copy alone has rows of 1.x.
CREATE TABLE #lc_early (
  id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL PRIMARY KEY
);

-- What the copy's own rows of these sessions held of diffs, before the source's take their place.
CREATE TABLE #lc_was (
  name NVARCHAR(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
  id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL,
  newest BIGINT,
  summary_diffs NVARCHAR(MAX),
  [revert] NVARCHAR(MAX)
);

CREATE INDEX lc_was_id ON #lc_was(id);

CREATE TABLE #lc_reverting (
  id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL
);
