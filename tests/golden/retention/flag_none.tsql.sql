DELETE FROM #lc_flag;
