-- Events of the batch, unless they are not JSON after all, or another machine has taken over their session.
DELETE   event FROM event
  JOIN (
    SELECT DISTINCT
      s.id AS doomed_key
    FROM lc_superseded AS s
    WHERE
      s.number BETWEEN 1 AND 4000
  ) AS doomed_keys
    ON doomed_keys.doomed_key = event.id
WHERE
  JSON_VALID(
    CASE
      WHEN JSON_VALID(event.data) = 1
      THEN event.data
      ELSE REGEXP_REPLACE(event.data, '(?<!\\\\)((?:\\\\\\\\)*)\\\\u[dD][89a-fA-F][0-9a-fA-F]{2}', '\\\\1?')
    END
  ) = 1
  AND NOT EXISTS(
    SELECT
      1
    FROM event_sequence AS log
    WHERE
      log.aggregate_id = event.aggregate_id AND NOT log.owner_id IS NULL
  );
