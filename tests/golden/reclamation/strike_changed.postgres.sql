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
      AND OCTET_LENGTH(x.data) = lc_target.octets
      AND COALESCE(CASE WHEN x.time_updated >= 1000000000000 THEN x.time_updated END, 0) = lc_target.stamp
  );
