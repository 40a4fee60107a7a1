-- Is there a session with this id?
SELECT
  (
    SELECT
      COUNT_BIG(*)
    FROM session AS s
    WHERE
      s.id = 'ses_e08bc50f1ffeEjVqoN0steH3Gl'
  ) AS there
FROM (
  SELECT
    1 AS one
) AS once;
