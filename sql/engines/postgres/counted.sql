GET DIAGNOSTICS touched = ROW_COUNT; UPDATE lc_deleted SET tally = tally + touched WHERE name = 'target';
