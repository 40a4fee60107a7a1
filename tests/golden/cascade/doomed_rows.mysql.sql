SELECT
  d.id AS doomed_id,
  t.`id`,
  t.`message_id`,
  t.`session_id`,
  t.`time_created`,
  t.`time_updated`,
  t.`data`
FROM lc_doomed AS d
CROSS JOIN message AS owner
CROSS JOIN part AS t
WHERE
  owner.session_id = d.id AND t.message_id = owner.id;
