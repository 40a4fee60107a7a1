SELECT
  t.id,
  CASE WHEN CAST(DATALENGTH(x.data) AS BIGINT) >= 16777216 THEN NULL ELSE x.data END
FROM #lc_target AS t
JOIN event AS x
  ON x.id = t.id
WHERE
  t.kind = 'title'
  AND t.name = 'event'
  AND t.field = 'data'
  AND CAST(DATALENGTH(x.data) AS BIGINT) = t.octets
  AND COALESCE(CASE WHEN x.time_updated >= 1000000000000 THEN x.time_updated END, 0) = t.stamp
ORDER BY
  t.number;
