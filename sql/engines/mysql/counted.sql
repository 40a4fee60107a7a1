UPDATE lc_deleted SET tally = tally + ROW_COUNT() WHERE name = 'target';
