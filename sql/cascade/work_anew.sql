-- Sessions that the guard let through, batch after batch: where a store is written anew, all others' rows are what stays.
CREATE TEMPORARY TABLE lc_leaving (id VARCHAR(191) NOT NULL PRIMARY KEY);
