-- Sessions by their last activity.
SELECT a.age, COUNT(*) AS sessions, SUM(a.bytes) AS bytes
FROM (
  SELECT
    s.bytes,
    CASE
      WHEN s.active = 0 THEN 5
      WHEN s.active >= :week_ago THEN 0
      WHEN s.active >= :month_ago THEN 1
      WHEN s.active >= :quarter_ago THEN 2
      WHEN s.active >= :year_ago THEN 3
      ELSE 4
    END AS age
  FROM lc_session AS s
) AS a
GROUP BY a.age
ORDER BY a.age;
