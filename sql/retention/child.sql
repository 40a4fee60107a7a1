<%- import "retention/_protections.sql" as protection -%>
-- Children all of whose sessions are older than the limit, in trees that stay and that nobody holds on to.
INSERT INTO lc_child (id, parent_id)
SELECT s.id, s.parent_id
FROM lc_climb AS c
JOIN lc_session AS s ON s.id = c.id
JOIN lc_root AS r ON r.id = c.id
JOIN lc_verdict AS v ON v.root_id = r.root_id
JOIN lc_tree AS t ON t.root_id = r.root_id
JOIN lc_limit AS l ON l.root_id = r.root_id
WHERE c.fresh < l.child_since
  AND v.verdict = 'keep'
  AND << protection.free("t", true) >>;

DELETE FROM lc_link;

INSERT INTO lc_link (id, parent_id)
SELECT c.id, c.parent_id
FROM lc_child AS c;

-- A third climb, among these children alone: it ends at the topmost, which names the unit.
DELETE FROM lc_climb;

INSERT INTO lc_climb (id, up, top, low, fresh)
SELECT c.id, p.id, COALESCE(p.id, c.id), c.id, 0
FROM lc_child AS c
LEFT JOIN lc_link AS p ON p.id = c.parent_id;
