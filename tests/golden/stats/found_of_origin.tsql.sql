-- Only what an origin brought here counts: of what a reclamation looks for in all sessions.
DELETE FROM #lc_target
WHERE
  NOT session_id IS NULL
  AND NOT EXISTS(
    SELECT
      1
    FROM lifecycle_copy AS c
    WHERE
      c.session_id = #lc_target.session_id AND c.origin = 'desk:1f0a'
  );

DELETE FROM #lc_leftover
WHERE
  NOT EXISTS(
    SELECT
      1
    FROM lifecycle_copy AS c
    WHERE
      c.session_id = #lc_leftover.id AND c.origin = 'desk:1f0a'
  );
