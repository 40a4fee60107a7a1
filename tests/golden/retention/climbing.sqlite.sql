-- How many set out, and how many are still on the way.
SELECT
  COUNT(*) AS sessions,
  COUNT(c.up) AS climbing
FROM lc_climb AS c;
