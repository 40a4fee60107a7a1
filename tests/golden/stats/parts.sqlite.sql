-- Parts by kind.
SELECT
  p.kind,
  COUNT(*) AS tally,
  SUM(p.bytes) AS bytes
FROM lc_piece AS p
GROUP BY
  p.kind
ORDER BY
  SUM(p.bytes) DESC,
  p.kind;
