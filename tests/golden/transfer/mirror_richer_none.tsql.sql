DELETE FROM #lc_source;

DELETE FROM #lc_richer;

DELETE FROM #lc_early;

DELETE FROM #lc_was;
