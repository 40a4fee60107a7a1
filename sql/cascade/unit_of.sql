-- The unit with which a session of the list goes.
SELECT p.root_id
FROM lc_planned AS p
WHERE p.id = :id;
