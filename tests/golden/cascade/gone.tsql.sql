-- Rows that went so far, by table.
SELECT
  g.name,
  g.tally
FROM #lc_deleted AS g
WHERE
  g.tally > 0
ORDER BY
  g.name;
