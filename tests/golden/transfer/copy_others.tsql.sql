-- Whether any other origin brought something here.
SELECT
  COUNT_BIG(*) AS tally
FROM lifecycle_copy AS c
WHERE
  c.origin <> 'desk:1f0a';
