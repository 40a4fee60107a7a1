-- Rows that may have something attached; how many octets moving it out would free; rows as they become.
CREATE TEMPORARY TABLE lc_attached (
  name TEXT(64) NOT NULL,
  number INTEGER NOT NULL,
  id TEXT(191) NOT NULL,
  session_id TEXT(191) NOT NULL,
  octets INTEGER NOT NULL,
  stamp INTEGER NOT NULL
);

CREATE INDEX lc_attached_number ON lc_attached(name, number);

CREATE TEMPORARY TABLE lc_weighed (
  name TEXT(64) NOT NULL,
  number INTEGER NOT NULL,
  bytes INTEGER NOT NULL
);

CREATE INDEX lc_weighed_number ON lc_weighed(name, number);

CREATE TEMPORARY TABLE lc_moved (
  id TEXT(191) NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
);
