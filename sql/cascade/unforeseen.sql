-- What hung there as the plan was made is known.
DELETE FROM lc_motion
WHERE EXISTS (
  SELECT 1
  FROM lc_foreseen AS f
  WHERE f.kind = lc_motion.kind
    AND f.name = lc_motion.name
    AND f.place = lc_motion.place
    AND f.through = lc_motion.through
    AND f.said = lc_motion.said
);

-- What has come since, by name: a deletion would set it in motion.
SELECT m.kind, m.name, m.place, m.said
FROM lc_motion AS m
ORDER BY m.kind, m.name;

-- The script ends here, before its first batch, with an error (must_be_foreseen cannot be NULL), if there is any:
-- make the plan again.
UPDATE lc_motion
SET must_be_foreseen = NULL
WHERE must_be_foreseen = 0;
