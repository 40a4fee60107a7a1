-- Parts that were not looked into as they are.
SELECT p.id
FROM lc_piece AS p
WHERE p.bytes >= :huge;
