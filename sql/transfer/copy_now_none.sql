DELETE FROM lc_now;
