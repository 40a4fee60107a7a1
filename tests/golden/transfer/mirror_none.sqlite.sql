DELETE FROM lc_copy;
