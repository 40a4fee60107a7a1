-- Original values on their way back.
CREATE TEMPORARY TABLE lc_original (
  id VARCHAR(191) COLLATE "C" NOT NULL PRIMARY KEY,
  value TEXT COLLATE "C"
);
