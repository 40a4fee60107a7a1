SELECT
  s.id AS listed,
  x.`id`,
  x.`message_id`,
  x.`data`
FROM lc_stray AS s
JOIN event AS x
  ON x.id = s.id
WHERE
  s.name = 'event'
  AND COALESCE(OCTET_LENGTH(x.data), 0) = s.bytes
  AND NOT EXISTS(
    SELECT
      1
    FROM session AS session_kept
    WHERE
      session_kept.id = x.aggregate_id
  )
  AND NOT EXISTS(
    SELECT
      1
    FROM session_v2 AS session_v2_kept
    WHERE
      session_v2_kept.id = x.aggregate_id
  )
  AND NOT EXISTS(
    SELECT
      1
    FROM event_sequence AS log
    WHERE
      log.aggregate_id = x.aggregate_id AND NOT log.owner_id IS NULL
  )
ORDER BY
  s.number;
