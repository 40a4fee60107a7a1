SELECT
  a.number,
  a.octets
FROM lc_attached AS a
WHERE
  a.name = 'event'
ORDER BY
  a.number;
