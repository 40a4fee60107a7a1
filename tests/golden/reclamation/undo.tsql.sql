UPDATE event SET data = o.value
FROM #lc_original AS o
WHERE
  o.id = event.id AND event.data IS NULL;
