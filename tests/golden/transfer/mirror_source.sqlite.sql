-- part by its message.
SELECT
  t.id AS id,
  owner.session_id AS owner_id,
  CASE WHEN TYPEOF(t.time_updated) = 'integer' AND t.time_updated >= 1000000000000 THEN t.time_updated END AS newest,
  LENGTH(CAST(t.data AS BLOB)) AS octets,
  NULL AS seq
FROM lc_copy AS c
JOIN message AS owner
  ON owner.session_id = c.id
JOIN part AS t
  ON t.message_id = owner.id;
