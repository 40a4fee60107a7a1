-- The message at hand by its id, or the rows that belong to it by the column that names it.
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
  t."data" = (
    SELECT
      q.id
    FROM lc_message_queue AS q
    JOIN lc_place AS p
      ON p.message = q.place
  )
ORDER BY
  t."id";
