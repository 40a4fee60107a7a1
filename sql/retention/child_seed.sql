-- A second climb, for children of trees that stay: how fresh is the freshest session at or below each one?
-- A root, and a session with an unsafe id or unclear times, counts as fresh for ever, so that no subtree with it
-- goes; thus the sessions of a cycle above its root stay as well.
DELETE FROM lc_climb;

INSERT INTO lc_climb (id, up, top, low, fresh)
SELECT
  s.id, p.id, COALESCE(p.id, s.id), s.id,
  CASE WHEN s.id = r.root_id OR s.unsafe = 1 OR s.unclear = 1 OR h.restored = 1 THEN 9000000000000000
    ELSE s.active END
FROM lc_session AS s
JOIN lc_root AS r ON r.id = s.id
JOIN lc_held AS h ON h.id = s.id
LEFT JOIN lc_link AS p ON p.id = s.parent_id;
