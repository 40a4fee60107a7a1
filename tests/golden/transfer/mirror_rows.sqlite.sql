-- part of the sessions at hand, by its message.
SELECT
  owner.session_id AS owner_id,
  t."id",
  t."message_id",
  t."data"
FROM lc_copy AS c
JOIN message AS owner
  ON owner.session_id = c.id
JOIN part AS t
  ON t.message_id = owner.id;
