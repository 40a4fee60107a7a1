-- All trees of the store and their octets, of which one unattended run takes a share at most.
CREATE TEMPORARY TABLE lc_whole (
  trees INTEGER NOT NULL,
  bytes INTEGER NOT NULL
);

-- Units that are no larger than the share: the place of each, the oldest first, and the octets up to it, both with
-- what has gone before in this run.
CREATE TEMPORARY TABLE lc_share (
  root_id TEXT(191) NOT NULL PRIMARY KEY,
  place INTEGER NOT NULL,
  filled INTEGER NOT NULL
);

-- Units that stay for this time; `alone` are those that no run with this share takes.
CREATE TEMPORARY TABLE lc_beyond (
  root_id TEXT(191) NOT NULL PRIMARY KEY,
  bytes INTEGER NOT NULL,
  alone INTEGER NOT NULL
);
