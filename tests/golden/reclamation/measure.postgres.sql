SELECT
  COUNT(*) AS tally,
  COALESCE(SUM(OCTET_LENGTH(x.data)), 0) AS octets
FROM lc_chosen AS c
JOIN event AS x
  ON x.id = c.id;
