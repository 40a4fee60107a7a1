-- Those that came back as they were.
UPDATE lifecycle_copy SET vanished = NULL
WHERE
  origin = 'desk:1f0a' AND NOT vanished IS NULL AND session_id IN (
    SELECT
      c.id
    FROM lc_copy AS c
  );
