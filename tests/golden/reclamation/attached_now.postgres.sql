SELECT
  o.id,
  x.id AS same,
  pg_temp.gc_message_files(pg_temp.gc_json(x.data)) AS found
FROM lc_original AS o
JOIN event AS x
  ON x.id = o.id
WHERE
  x.data <> o.value;
