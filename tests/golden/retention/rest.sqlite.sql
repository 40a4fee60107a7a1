-- What the share of one run leaves: units, their octets, and how many of them are larger than the share on their own.
SELECT
  COUNT(*) AS trees,
  COALESCE(SUM(b.bytes), 0) AS bytes,
  COALESCE(SUM(b.alone), 0) AS alone
FROM lc_beyond AS b;
