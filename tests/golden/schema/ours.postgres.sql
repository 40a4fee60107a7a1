-- Pinned sessions of a server store. No column of it is a session key: a removal leaves it alone.
CREATE TABLE lifecycle_pin (
  session VARCHAR(191) COLLATE "C" NOT NULL PRIMARY KEY,
  since BIGINT NOT NULL
);

-- Every change that was made to the tables of a server store, in its order.
CREATE TABLE lifecycle_change (
  number INT NOT NULL PRIMARY KEY,
  moment BIGINT NOT NULL,
  version VARCHAR(32) COLLATE "C" NOT NULL,
  statement TEXT COLLATE "C" NOT NULL
);
