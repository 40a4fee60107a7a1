-- How many messages the session at hand has.
SELECT
  COUNT_BIG(*) AS letters
FROM #lc_letters AS l;
