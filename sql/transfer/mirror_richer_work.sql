-- The source's rows of the sessions at hand: whose, which, when each last changed, its octets, its place in a log.
CREATE TEMPORARY TABLE lc_source (
  name VARCHAR(64) NOT NULL,
  id VARCHAR(191),
  owner_id VARCHAR(191),
  newest BIGINT,
  octets BIGINT,
  seq BIGINT
);

CREATE INDEX lc_source_id ON lc_source (id);

CREATE INDEX lc_source_owner ON lc_source (owner_id);

-- Rows of the copy that are richer than the source's and stay.
CREATE TEMPORARY TABLE lc_richer (name VARCHAR(64) NOT NULL, id VARCHAR(191) NOT NULL, owner_id VARCHAR(191), seq BIGINT);

CREATE INDEX lc_richer_id ON lc_richer (id);

-- Sessions of which the copy alone has rows of 1.x.
CREATE TEMPORARY TABLE lc_early (id VARCHAR(191) NOT NULL PRIMARY KEY);

-- What the copy's own rows of these sessions held of diffs, before the source's take their place.
CREATE TEMPORARY TABLE lc_was (
  name VARCHAR(64) NOT NULL,
  id VARCHAR(191) NOT NULL,
  newest BIGINT,
  summary_diffs TEXT,
  revert TEXT
);

CREATE INDEX lc_was_id ON lc_was (id);

CREATE TEMPORARY TABLE lc_reverting (id VARCHAR(191) NOT NULL);
