-- Original values on their way back.
CREATE TABLE #lc_original (
  id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL PRIMARY KEY,
  value NVARCHAR(MAX)
);
