-- A log of which the export does not hold just these events stays as it is.
DELETE FROM #lc_superseded
WHERE
  log = 1;
