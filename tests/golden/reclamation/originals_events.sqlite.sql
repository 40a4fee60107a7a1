SELECT
  s.log,
  s.id AS listed,
  x."id",
  x."message_id",
  x."data"
FROM lc_superseded AS s
JOIN event AS x
  ON x.id = s.id
WHERE
  NOT EXISTS(
    SELECT
      1
    FROM event_sequence AS log
    WHERE
      log.aggregate_id = x.aggregate_id AND NOT log.owner_id IS NULL
  )
ORDER BY
  s.number;
