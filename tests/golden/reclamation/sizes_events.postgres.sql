SELECT
  s.number,
  s.bytes AS octets,
  s.bytes
FROM lc_superseded AS s
ORDER BY
  s.number;
