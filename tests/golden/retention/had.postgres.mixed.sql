-- Did this store ever have a session with this id? It has it, or rows that only a session leaves behind still name it.
SELECT
  (
    SELECT
      COUNT(*)
    FROM session AS s
    WHERE
      s.parent_id = 'ses_e08bc50f1ffeEjVqoN0steH3Gl'
  ) AS children,
  (
    SELECT
      COUNT(*)
    FROM session AS s
    WHERE
      s.id = 'ses_e08bc50f1ffeEjVqoN0steH3Gl'
  ) AS session_rows,
  (
    SELECT
      COUNT(*)
    FROM session_v2 AS s
    WHERE
      s.id = 'ses_e08bc50f1ffeEjVqoN0steH3Gl'
  ) AS session_v2_rows,
  (
    SELECT
      COUNT(*)
    FROM event_sequence AS q
    WHERE
      q.aggregate_id = 'ses_e08bc50f1ffeEjVqoN0steH3Gl'
  ) AS numbers,
  (
    SELECT
      COUNT(*)
    FROM message AS m
    WHERE
      m.session_id = 'ses_e08bc50f1ffeEjVqoN0steH3Gl'
  ) AS messages,
  (
    SELECT
      COUNT(*)
    FROM todo AS t
    WHERE
      t.session_id = 'ses_e08bc50f1ffeEjVqoN0steH3Gl'
  ) AS todos
FROM (
  SELECT
    1 AS one
) AS once;
