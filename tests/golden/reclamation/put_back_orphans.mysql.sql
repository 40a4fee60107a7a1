-- Rows of part that are not there and that no session owns: what one owns now is its own matter.
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
  )
  AND NOT EXISTS(
    SELECT
      1
    FROM message AS owner
    WHERE
      owner.id = n.message_id
      AND (
        EXISTS(
          SELECT
            1
          FROM session AS session_kept
          WHERE
            session_kept.id = owner.session_id
        )
      )
  );
