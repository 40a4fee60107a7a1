UPDATE #lc_deleted SET tally = tally + @@ROWCOUNT WHERE name = 'target';
