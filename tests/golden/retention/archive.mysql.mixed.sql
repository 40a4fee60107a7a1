-- The client's own flag, and nothing else: time_updated stays, so no verdict changes.
UPDATE session SET time_archived = 1800000000000
WHERE
  id IN (
    SELECT
      u.id
    FROM lc_unit AS u
    WHERE
      u.id = u.root_id
  )
  AND CASE WHEN time_archived IS NULL THEN 0 ELSE 1 END <> CASE WHEN 1800000000000 IS NULL THEN 0 ELSE 1 END;

-- The client's own flag, and nothing else: time_updated stays, so no verdict changes.
UPDATE session_v2 SET time_archived = 1800000000000
WHERE
  id IN (
    SELECT
      u.id
    FROM lc_unit AS u
    WHERE
      u.id = u.root_id
  )
  AND CASE WHEN time_archived IS NULL THEN 0 ELSE 1 END <> CASE WHEN 1800000000000 IS NULL THEN 0 ELSE 1 END;
