-- Octets of the batch's events that are really gone.
SELECT
  COALESCE(SUM(s.bytes), 0) AS bytes
FROM #lc_superseded AS s
WHERE
  s.number BETWEEN 1 AND 4000
  AND NOT EXISTS(
    SELECT
      1
    FROM event AS e
    WHERE
      e.id = s.id
  );
