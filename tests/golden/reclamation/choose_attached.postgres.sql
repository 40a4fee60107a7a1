DELETE FROM lc_chosen;

INSERT INTO lc_chosen (
  id
)
SELECT
  a.id
FROM lc_attached AS a
JOIN lc_moved AS m
  ON m.id = a.id
JOIN event AS x
  ON x.id = a.id
WHERE
  a.name = 'event'
  AND a.number BETWEEN 1 AND 4000
  AND OCTET_LENGTH(x.data) = a.octets
  AND COALESCE(CASE WHEN x.time_updated >= 1000000000000 THEN x.time_updated END, 0) = a.stamp;
