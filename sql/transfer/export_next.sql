-- On to the next session of the queue; its messages are listed apart.
UPDATE lc_place
SET session = session + 1, message = 0
WHERE session >= 0;

DELETE FROM lc_current;

INSERT INTO lc_current (id)
SELECT q.id
FROM lc_queue AS q
JOIN lc_place AS p ON p.session = q.place;

DELETE FROM lc_message_queue;
