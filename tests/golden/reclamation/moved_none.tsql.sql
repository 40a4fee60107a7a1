DELETE FROM #lc_moved;
