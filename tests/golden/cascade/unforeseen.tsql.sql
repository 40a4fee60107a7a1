-- What hung there as the plan was made is known.
DELETE FROM #lc_side_effect
WHERE
  EXISTS(
    SELECT
      1
    FROM #lc_foreseen AS f
    WHERE
      f.kind = #lc_side_effect.kind
      AND f.name = #lc_side_effect.name
      AND f.place = #lc_side_effect.place
      AND f.through = #lc_side_effect.through
      AND f.said = #lc_side_effect.said
  );

-- What has come since, by name: a deletion would set it in motion.
SELECT
  m.kind,
  m.name,
  m.place,
  m.said
FROM #lc_side_effect AS m
ORDER BY
  m.kind,
  m.name;

-- The script ends here, before its first batch, with an error (must_be_foreseen cannot be NULL), if there is any:
-- make the plan again.
UPDATE #lc_side_effect SET must_be_foreseen = NULL
WHERE
  must_be_foreseen = 0;
