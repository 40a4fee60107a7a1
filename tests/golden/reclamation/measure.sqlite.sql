SELECT
  COUNT(*) AS tally,
  COALESCE(SUM(LENGTH(CAST(x.data AS BLOB))), 0) AS octets
FROM lc_chosen AS c
JOIN event AS x
  ON x.id = c.id;
