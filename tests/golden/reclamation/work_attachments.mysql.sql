-- Rows that may have something attached; how many octets moving it out would free; rows as they become.
CREATE TEMPORARY TABLE lc_attached (
  name VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin NOT NULL,
  number BIGINT NOT NULL,
  id VARCHAR(191) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin NOT NULL,
  session_id VARCHAR(191) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin NOT NULL,
  octets BIGINT NOT NULL,
  stamp BIGINT NOT NULL
);

CREATE INDEX lc_attached_number ON lc_attached(name, number);

CREATE TEMPORARY TABLE lc_weighed (
  name VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin NOT NULL,
  number BIGINT NOT NULL,
  bytes BIGINT NOT NULL
);

CREATE INDEX lc_weighed_number ON lc_weighed(name, number);

CREATE TEMPORARY TABLE lc_moved (
  id VARCHAR(191) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin NOT NULL PRIMARY KEY,
  value LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin NOT NULL
);
