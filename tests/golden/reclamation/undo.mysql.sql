UPDATE event
JOIN lc_original AS o
  ON TRUE SET event.data = o.value
WHERE
  o.id = event.id AND event.data IS NULL;
