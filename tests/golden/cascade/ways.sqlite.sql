-- Two ways to the same rows: batch after batch and a vacuum, which writes what stays; or the store written anew, once,
-- without what goes, for which every row is looked at.
SELECT
  g.goes_rows * 12000000 + g.goes_bytes * 1200 + (
    g.all_rows - g.goes_rows
  ) * 1000000 + (
    g.all_bytes - g.goes_bytes
  ) * 6000 AS in_batches,
  g.goes_rows * 1500000 + g.all_rows * 2500000 + 40000000000 + (
    g.all_rows - g.goes_rows
  ) * 6000000 + (
    g.all_bytes - g.goes_bytes
  ) * 7500 AS anew,
  g.all_bytes - g.goes_bytes AS stays
FROM (
  SELECT
    COALESCE(SUM(u.tally), 0) AS all_rows,
    COALESCE(SUM(u.bytes), 0) AS all_bytes,
    COALESCE(SUM(CASE WHEN w.id IS NULL THEN 0 ELSE u.tally END), 0) AS goes_rows,
    COALESCE(SUM(CASE WHEN w.id IS NULL THEN 0 ELSE u.bytes END), 0) AS goes_bytes
  FROM lc_usage AS u
  LEFT JOIN lc_unit AS w
    ON w.id = u.id
) AS g;
