-- What goes: whole trees, and the child subtrees that were found.
INSERT INTO lc_unit (id, root_id, reason)
SELECT r.id, r.root_id, v.reason
FROM lc_root AS r
JOIN lc_verdict AS v ON v.root_id = r.root_id
WHERE v.verdict = 'remove';
<% if children %>
INSERT INTO lc_unit (id, root_id, reason)
SELECT c.id, c.top, 'child-age'
FROM lc_climb AS c;
<% endif %>
