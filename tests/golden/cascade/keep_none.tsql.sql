-- Forget the pins of a moment ago.
DELETE FROM #lc_kept;
