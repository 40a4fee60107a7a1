-- Parts that `compacted` would look into and that are not JSON.
INSERT INTO #lc_broken (
  name,
  id
)
SELECT
  'part',
  p.id
FROM #lc_piece AS p
WHERE
  p.kind = 'invalid json'
  AND NOT EXISTS(
    SELECT
      1
    FROM #lc_stray AS s
    WHERE
      s.id = p.id AND s.name = 'part'
  );
