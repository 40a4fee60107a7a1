-- Of which version the tables of ours are.
SELECT
  MAX(v.version) AS version
FROM lifecycle_schema AS v;
