-- Those that came back as they were.
UPDATE lifecycle_copy
SET vanished = NULL
WHERE origin = :origin AND vanished IS NOT NULL AND session_id IN (SELECT c.id FROM lc_copy AS c);
