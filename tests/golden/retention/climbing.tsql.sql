-- How many set out, and how many are still on the way.
SELECT
  COUNT_BIG(*) AS sessions,
  COUNT_BIG(c.up) AS climbing
FROM #lc_climb AS c;
