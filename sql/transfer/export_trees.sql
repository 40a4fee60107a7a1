-- Whole trees: of all projects or of one, of any age or idle since a moment, or the one that a session is in.
SELECT r.root_id, s.id, s.parent_id
FROM lc_root AS r
JOIN lc_session AS s ON s.id = r.id
JOIN lc_home AS h ON h.id = r.root_id
WHERE (:project IS NULL OR h.project_id = :project)
  AND (:idle_since IS NULL OR h.active < :idle_since)
  AND (:root IS NULL OR r.root_id = :root)
ORDER BY r.root_id, s.id;
