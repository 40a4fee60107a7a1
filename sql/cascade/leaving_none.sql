-- The store was not written anew: batches begin from the start.
DELETE FROM lc_leaving;

DELETE FROM lc_spared;
