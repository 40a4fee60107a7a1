-- The client's own flag, and nothing else: time_updated stays, so no verdict changes.
UPDATE event SET time_archived = (
  SELECT
    f.becomes
  FROM lc_flag AS f
  WHERE
    f.id = event.id
)
WHERE
  id IN (
    SELECT
      g.id
    FROM lc_flagged AS g
  );
