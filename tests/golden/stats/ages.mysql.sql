-- Sessions by their last activity.
SELECT
  a.age,
  COUNT(*) AS sessions,
  SUM(a.bytes) AS bytes
FROM (
  SELECT
    s.bytes,
    CASE
      WHEN s.active = 0
      THEN 5
      WHEN s.active >= 1799395200000
      THEN 0
      WHEN s.active >= 1797408000000
      THEN 1
      WHEN s.active >= 1792224000000
      THEN 2
      WHEN s.active >= 1768464000000
      THEN 3
      ELSE 4
    END AS age
  FROM lc_session AS s
) AS a
GROUP BY
  a.age
ORDER BY
  a.age;
