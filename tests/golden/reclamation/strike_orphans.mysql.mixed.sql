-- Off the list goes what has changed since the forecast, or has an owner again: it is not exported, and it stays.
DELETE FROM lc_stray
WHERE
  name = 'event'
  AND NOT EXISTS(
    SELECT
      1
    FROM event AS x
    WHERE
      x.id = lc_stray.id
      AND COALESCE(OCTET_LENGTH(x.data), 0) = lc_stray.bytes
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
  );
