-- What a limit on the file had to leave for what the file takes beyond what is reckoned.
SELECT b.bytes
FROM lc_budget AS b
WHERE b.kind = 'excess';
