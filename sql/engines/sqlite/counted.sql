UPDATE lc_deleted SET tally = tally + CHANGES() WHERE name = 'target';
