-- The portable column types, as Postgres spells them; texts compare by bytes, and only A to Z have a lower case.
CREATE TABLE types (varchar VARCHAR(9) COLLATE "C", text TEXT COLLATE "C", bigint BIGINT, int INT, double DOUBLE PRECISION);
