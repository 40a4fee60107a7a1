-- The sessions of the source as they are now, each with its tree, its fingerprint, the newest time of its rows, and
-- whether a session of that id is there at all.
CREATE TEMPORARY TABLE lc_now (
  id TEXT(191) NOT NULL PRIMARY KEY,
  root_id TEXT(191) NOT NULL,
  fingerprint TEXT(191) NOT NULL,
  newest INTEGER,
  rooted INTEGER NOT NULL
);

-- What other origins brought of the trees at hand and this one did not: newest time, rows, octets.
CREATE TEMPORARY TABLE lc_foreign (
  root_id TEXT(191) NOT NULL,
  newest INTEGER,
  tally INTEGER NOT NULL,
  bytes INTEGER NOT NULL
);

-- What was brought in the transaction at hand, or was not since another origin's is newer (`kept` is 0).
CREATE TEMPORARY TABLE lc_brought (
  id TEXT(191) NOT NULL PRIMARY KEY,
  root_id TEXT(191) NOT NULL,
  fingerprint TEXT(191) NOT NULL,
  digest TEXT(64),
  newest INTEGER,
  tally INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  kept INTEGER NOT NULL
);
