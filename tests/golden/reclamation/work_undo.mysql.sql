-- Original values on their way back.
CREATE TEMPORARY TABLE lc_original (
  id VARCHAR(191) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin NOT NULL PRIMARY KEY,
  value LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin
);
