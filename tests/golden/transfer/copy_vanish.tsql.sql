-- They stay, and since when they are gone at the source is written down.
UPDATE lifecycle_copy SET vanished = 1800000000000
WHERE
  origin = 'desk:1f0a'
  AND vanished IS NULL
  AND NOT EXISTS(
    SELECT
      1
    FROM #lc_now AS n
    WHERE
      n.id = lifecycle_copy.session_id
  );
