-- Only what an origin brought here counts: of what a reclamation looks for in all sessions.
DELETE FROM lc_target
WHERE session_id IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM lifecycle_copy AS c WHERE c.session_id = lc_target.session_id AND c.origin = :origin);

DELETE FROM lc_leftover
WHERE NOT EXISTS (SELECT 1 FROM lifecycle_copy AS c WHERE c.session_id = lc_leftover.id AND c.origin = :origin);
