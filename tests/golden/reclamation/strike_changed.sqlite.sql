-- Off the list goes what has changed since the forecast: neither is it exported, nor does it shrink.
DELETE FROM lc_target
WHERE
  kind = 'title'
  AND name = 'event'
  AND field = 'data'
  AND NOT EXISTS(
    SELECT
      1
    FROM event AS x
    WHERE
      x.id = lc_target.id
      AND LENGTH(CAST(x.data AS BLOB)) = lc_target.octets
      AND COALESCE(CASE WHEN TYPEOF(x.time_updated) = 'integer' AND x.time_updated >= 1000000000000 THEN x.time_updated END, 0) = lc_target.stamp
  );
