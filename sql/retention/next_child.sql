-- The same of child sessions: none may go before.
SELECT MIN(s.active + (:now - l.child_since) + 1) AS due
FROM lc_session AS s
JOIN lc_root AS r ON r.id = s.id
JOIN lc_limit AS l ON l.root_id = r.root_id
WHERE s.active >= l.child_since AND s.parent_id IS NOT NULL;
