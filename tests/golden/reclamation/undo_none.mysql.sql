DELETE FROM lc_original;
