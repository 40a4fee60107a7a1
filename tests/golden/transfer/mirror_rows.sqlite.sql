-- part of the sessions at hand, by its message.
SELECT
  owner.session_id AS owner_id,
  t."id",
  CASE WHEN LENGTH(CAST(t."message_id" AS BLOB)) <= 16777216 THEN t."message_id" END AS "message_id",
  CASE WHEN LENGTH(CAST(t."message_id" AS BLOB)) > 16777216 THEN 1 END AS "message_id_long",
  CASE WHEN LENGTH(CAST(t."data" AS BLOB)) <= 16777216 THEN t."data" END AS "data",
  CASE WHEN LENGTH(CAST(t."data" AS BLOB)) > 16777216 THEN LENGTH(CAST(t."data" AS BLOB)) END AS "data_octets",
  CASE WHEN LENGTH(CAST(t."data" AS BLOB)) > 16777216 THEN HEX(t."data") END AS "data_digest"
FROM lc_copy AS c
JOIN message AS owner
  ON owner.session_id = c.id
JOIN part AS t
  ON t.message_id = owner.id
WHERE
  1 = 1
  AND NOT EXISTS(
    SELECT
      1
    FROM lc_richer AS k
    WHERE
      k.id = t.id AND k.name = 'part'
  )
  AND NOT EXISTS(
    SELECT
      1
    FROM lc_early AS e
    WHERE
      e.id = c.id
  );
