-- All sessions of the batch, before its guard has looked: to read their rows without the write lock.
DELETE FROM #lc_doomed;

INSERT INTO #lc_doomed (
  id
)
SELECT
  p.id
FROM #lc_planned AS p
WHERE
  p.batch = 1;
