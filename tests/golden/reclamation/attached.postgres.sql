SELECT
  a.number,
  a.id,
  pg_temp.gc_message_files(pg_temp.gc_json(x.data)) AS found
FROM lc_attached AS a
JOIN event AS x
  ON x.id = a.id
WHERE
  a.name = 'event' AND a.number BETWEEN 1 AND 4000 AND OCTET_LENGTH(x.data) = a.octets
ORDER BY
  a.number;
