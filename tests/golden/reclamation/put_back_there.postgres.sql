-- How many of the rows of part are there.
SELECT
  COUNT(*) AS tally
FROM "lc_in_part" AS n
WHERE
  EXISTS(
    SELECT
      1
    FROM "part" AS t
    WHERE
      t."id" = n."id"
  );
