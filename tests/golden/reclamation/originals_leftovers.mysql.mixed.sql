SELECT
  x.`id`,
  x.`aggregate_id`,
  x.`seq`,
  x.`type`,
  x.`data`
FROM lc_taken AS t
JOIN event AS x
  ON x.aggregate_id = t.id;
