-- How many there are.
SELECT
  COUNT_BIG(*) AS tally
FROM [#lc_in_part] AS n;
