SELECT
  s.number,
  s.bytes AS octets,
  s.bytes
FROM #lc_stray AS s
WHERE
  s.name = 'event'
ORDER BY
  s.number;
