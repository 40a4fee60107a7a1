-- The portable column types, as MariaDB spells them; ids compare by bytes, trailing spaces count, texts have no limit.
CREATE TABLE types (
  varchar VARCHAR(9) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin,
  text LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin,
  bigint BIGINT,
  int INT,
  double DOUBLE
);
