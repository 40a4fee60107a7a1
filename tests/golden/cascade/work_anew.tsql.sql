-- Sessions that the guard let through, batch after batch: where a store is written anew, all others' rows are what stays.
CREATE TABLE #lc_leaving (
  id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL PRIMARY KEY
);
