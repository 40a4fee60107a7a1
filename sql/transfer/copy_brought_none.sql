DELETE FROM lc_brought;
