-- What the guard of the batch at hand let through goes with all the others.
INSERT INTO #lc_leaving (
  id
)
SELECT
  d.id
FROM #lc_doomed AS d;
