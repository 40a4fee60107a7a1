-- What other origins' rows of the sessions at hand, which stand here, come to.
SELECT o.session_id, o.digest
FROM lc_copy AS c
JOIN lifecycle_copy AS o ON o.session_id = c.id
WHERE o.origin <> :origin AND o.kept = 1 AND o.digest IS NOT NULL;
