-- The rows of one table that belong to the session at hand, column by column, and whether each JSON column holds JSON.
-- Rows that belong to a message come with that message; here are those whose message does not exist.
SELECT
  t."id",
  t."message_id",
  t."session_id",
  t."time_created",
  t."time_updated",
  CASE WHEN LENGTH(CAST(t."data" AS BLOB)) >= 16777216 THEN NULL ELSE t."data" END AS "data",
  CASE WHEN LENGTH(CAST(t."data" AS BLOB)) >= 16777216 THEN 2 ELSE JSON_VALID(t."data") END AS "sound_data"
FROM "part" AS t
WHERE
  t."session_id" = (
    SELECT
      c.id
    FROM lc_current AS c
  )
  AND NOT EXISTS(
    SELECT
      1
    FROM message AS keeper
    WHERE
      keeper.id = t."message_id"
  )
ORDER BY
  t.time_created,
  t.id;
