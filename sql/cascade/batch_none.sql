-- The batch is done.
DELETE FROM lc_batch;
