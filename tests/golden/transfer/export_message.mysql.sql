-- The message at hand by its id, or the rows that belong to it by the column that names it.
SELECT
  t.`id`,
  t.`message_id`,
  t.`session_id`,
  t.`time_created`,
  t.`time_updated`,
  t.`data`,
  JSON_VALID(
    CASE
      WHEN JSON_VALID(t.`data`) = 1
      THEN t.`data`
      ELSE REGEXP_REPLACE(t.`data`, '(?<!\\\\)((?:\\\\\\\\)*)\\\\u[dD][89a-fA-F][0-9a-fA-F]{2}', '\\\\1?')
    END
  ) AS `sound_data`
FROM `part` AS t
WHERE
  t.`data` = (
    SELECT
      l.id
    FROM lc_letters AS l
    JOIN lc_place AS p
      ON p.message = l.place
  )
ORDER BY
  t.`id`;
