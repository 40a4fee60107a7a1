-- The octets of each row of the work list, in its order: what a batch has to read and write.
SELECT
  t.number,
  t.octets,
  t.bytes
FROM #lc_target AS t
WHERE
  t.kind = 'title' AND t.name = 'event' AND t.field = 'data'
ORDER BY
  t.number;
