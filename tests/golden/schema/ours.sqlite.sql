-- Pinned sessions of a server store. No column of it is a session key: a removal leaves it alone.
CREATE TABLE lifecycle_pin (
  session TEXT(191) NOT NULL PRIMARY KEY,
  since INTEGER NOT NULL
);

-- Every change that was made to the tables of a server store, in its order.
CREATE TABLE lifecycle_change (
  number INTEGER NOT NULL PRIMARY KEY,
  moment INTEGER NOT NULL,
  version TEXT(32) NOT NULL,
  statement TEXT NOT NULL
);
