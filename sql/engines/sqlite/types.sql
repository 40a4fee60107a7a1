-- The portable column types, as SQLite spells them.
CREATE TABLE types (varchar TEXT, text TEXT, bigint INTEGER, int INTEGER, double REAL);
