SELECT
  t.id,
  CASE WHEN LENGTH(CAST(x.data AS BLOB)) >= 16777216 THEN NULL ELSE x.data END
FROM lc_target AS t
JOIN event AS x
  ON x.id = t.id
WHERE
  t.kind = 'title'
  AND t.name = 'event'
  AND t.field = 'data'
  AND LENGTH(CAST(x.data AS BLOB)) = t.octets
  AND COALESCE(CASE WHEN TYPEOF(x.time_updated) = 'integer' AND x.time_updated >= 1000000000000 THEN x.time_updated END, 0) = t.stamp
ORDER BY
  t.number;
