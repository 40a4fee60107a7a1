-- A unit of which a row is not what was exported stays, and is told of in the report.
DELETE FROM lc_spared
WHERE root_id = :root_id;

INSERT INTO lc_spared (root_id, reason)
VALUES (:root_id, 'changed');

DELETE FROM lc_doomed
WHERE id IN (SELECT p.id FROM lc_planned AS p WHERE p.root_id = :root_id);
