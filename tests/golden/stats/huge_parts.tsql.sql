-- Parts so large that they are not looked into as they are.
SELECT
  p.id
FROM part AS p
WHERE
  CAST(DATALENGTH(p.data) AS BIGINT) >= 16777216;
