-- The rows of one table that belong to the sessions of the span, session after session in the order of the queue, each
-- session's rows in the order of export_rows.sql, and the place of their session.
-- (CROSS JOIN: SQLite takes the tables in the order they stand, so that nothing has to be sorted.)
SELECT
  t."id",
  t."message_id",
  t."session_id",
  t."time_created",
  t."time_updated",
  CASE WHEN LENGTH(CAST(t."data" AS BLOB)) >= 16777216 THEN NULL ELSE t."data" END AS "data",
  CASE WHEN LENGTH(CAST(t."data" AS BLOB)) >= 16777216 THEN 2 ELSE JSON_VALID(t."data") END AS "sound_data",
  s.place
FROM lc_span AS s
CROSS JOIN "part" AS t
WHERE
  t."session_id" = s.id
  AND NOT EXISTS(
    SELECT
      1
    FROM message AS keeper
    WHERE
      keeper.id = t."message_id"
  )
ORDER BY
  s.place,
  t.time_created,
  t.id;
