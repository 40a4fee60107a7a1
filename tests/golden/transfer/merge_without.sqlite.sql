-- The copy's rows of part stay where nobody wrote to the source's since.
DELETE FROM "lc_in_part"
WHERE
  EXISTS(
    SELECT
      1
    FROM "part" AS t
    WHERE
      t."id" = "lc_in_part"."id"
  );
