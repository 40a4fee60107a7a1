<#- What it costs to remove what was chosen and to give its space back, in billionths of a thousandth of a second, by
    figures measured on a store of a gigabyte: `tests/README.md` has them. -#>
-- Two ways to the same rows: batch after batch and a vacuum, which writes what stays; or the store written anew, once,
-- without what goes, for which every row is looked at.
SELECT
  g.goes_rows * :batch_row + g.goes_bytes * :batch_octet
    + (g.all_rows - g.goes_rows) * :vacuum_row + (g.all_bytes - g.goes_bytes) * :vacuum_octet AS in_batches,
  g.goes_rows * :guard_row + g.all_rows * :look_row + :anew_fixed
    + (g.all_rows - g.goes_rows) * :anew_row + (g.all_bytes - g.goes_bytes) * :anew_octet AS anew,
  g.all_bytes - g.goes_bytes AS stays
FROM (
  SELECT
    COALESCE(SUM(u.tally), 0) AS all_rows,
    COALESCE(SUM(u.bytes), 0) AS all_bytes,
    COALESCE(SUM(CASE WHEN w.id IS NULL THEN 0 ELSE u.tally END), 0) AS goes_rows,
    COALESCE(SUM(CASE WHEN w.id IS NULL THEN 0 ELSE u.bytes END), 0) AS goes_bytes
  FROM lc_usage AS u
  LEFT JOIN lc_unit AS w ON w.id = u.id
) AS g;
