-- All of part.
SELECT
  t.`id`,
  t.`message_id`,
  t.`data`
FROM `part` AS t;
