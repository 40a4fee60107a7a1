-- The portable column types, as MariaDB and MySQL spell them; ids compare by bytes, texts have no limit.
CREATE TABLE types (
  varchar VARCHAR(9) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
  text LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
  bigint BIGINT,
  int INT
);
