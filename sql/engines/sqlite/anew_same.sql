-- How many rows of a table there were, how many stayed, and how many of those are the same in both files, value by value.
SELECT
  (SELECT COUNT(*) FROM main.target) AS before,
  (SELECT COUNT(*) FROM anew.target) AS after,
  (SELECT COUNT(*) FROM anew.target AS a CROSS JOIN main.target AS m WHERE m.rowid = a.rowid AND <a.field COLLATE BINARY IS m.field>) AS same;
