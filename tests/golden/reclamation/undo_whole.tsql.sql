-- Whether the skeleton at hand can stand for its value: nothing that it leaves out is left in what it becomes.
SELECT
  COUNT_BIG(*) AS tally
FROM #lc_original AS o
WHERE
  ISJSON(o.value) = 1;
