INSERT INTO #lc_target (
  kind,
  name,
  field,
  number,
  id,
  session_id,
  bytes,
  octets,
  stamp
)
SELECT
  'compacted',
  'part',
  'data',
  ROW_NUMBER() OVER (ORDER BY p.id),
  p.id,
  NULL,
  p.compacted,
  p.bytes,
  p.stamp
FROM #lc_piece AS p
WHERE
  NOT p.compacted IS NULL
  AND NOT p.id IS NULL
  AND NOT EXISTS(
    SELECT
      1
    FROM #lc_stray AS s
    WHERE
      s.id = p.id AND s.name = 'part'
  );
