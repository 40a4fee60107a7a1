SELECT
  t.id,
  x.data
FROM lc_target AS t
JOIN event AS x
  ON x.id = t.id
WHERE
  t.kind = 'title' AND t.name = 'event' AND t.field = 'data' AND OCTET_LENGTH(x.data) = t.octets
ORDER BY
  t.number;
