-- The store was not written anew: batches begin from the start, once the list stands anew as the plan has it.
DELETE FROM lc_planned;

DELETE FROM lc_leaving;

DELETE FROM lc_spared;
