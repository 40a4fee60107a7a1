SELECT
  COALESCE(SUM(s.bytes), 0) AS bytes
FROM lc_stray AS s
WHERE
  s.name = 'event'
  AND s.number BETWEEN 1 AND 4000
  AND NOT EXISTS(
    SELECT
      1
    FROM event AS t
    WHERE
      t.id = s.id
  );
