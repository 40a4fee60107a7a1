-- How many rows a table has.
SELECT
  COUNT_BIG(*) AS tally
FROM [event] AS t;
