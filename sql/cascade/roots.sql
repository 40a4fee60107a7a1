-- The units of a batch, by their topmost sessions.
SELECT p.root_id
FROM lc_planned AS p
WHERE p.batch = :batch
GROUP BY p.root_id;
