-- Rows of part that are there: overwrite.
UPDATE `part`
JOIN `lc_in_part` AS n
  ON TRUE SET part.`message_id` = n.`message_id`, part.`data` = n.`data`
WHERE
  n.`id` = `part`.`id`;

-- Rows that are not there: add.
INSERT INTO `part` (
  `id`,
  `message_id`,
  `data`
)
SELECT
  n.`id`,
  n.`message_id`,
  n.`data`
FROM `lc_in_part` AS n
WHERE
  NOT EXISTS(
    SELECT
      1
    FROM `part` AS t
    WHERE
      t.`id` = n.`id`
  );
