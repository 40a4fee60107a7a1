-- The portable column types, as Postgres spells them; ids compare by bytes.
CREATE TABLE types (varchar VARCHAR(9) COLLATE "C", text TEXT, bigint BIGINT, int INT);
