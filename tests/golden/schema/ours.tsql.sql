-- Pinned sessions of a server store. No column of it is a session key: a removal leaves it alone.
CREATE TABLE lifecycle_pin (
  session NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL PRIMARY KEY,
  since BIGINT NOT NULL
);

-- Every change that was made to the tables of a server store, in its order.
CREATE TABLE lifecycle_change (
  number INTEGER NOT NULL PRIMARY KEY,
  moment BIGINT NOT NULL,
  version NVARCHAR(32) COLLATE Latin1_General_100_BIN2 NOT NULL,
  statement NVARCHAR(MAX) NOT NULL
);
