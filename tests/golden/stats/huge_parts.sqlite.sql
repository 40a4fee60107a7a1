-- Parts so large that they are not looked into as they are.
SELECT
  p.id
FROM part AS p
WHERE
  LENGTH(CAST(p.data AS BLOB)) >= 16777216;
