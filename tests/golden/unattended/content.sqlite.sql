SELECT
  SUM(c.bytes) AS bytes
FROM (
  SELECT
    SUM(COALESCE(LENGTH(CAST(t.data AS BLOB)), 0)) AS bytes
  FROM part AS t
  UNION ALL
  SELECT
    SUM(COALESCE(LENGTH(CAST(t.data AS BLOB)), 0)) AS bytes
  FROM message AS t
  UNION ALL
  SELECT
    SUM(COALESCE(LENGTH(CAST(t.data AS BLOB)), 0)) AS bytes
  FROM session_message AS t
  UNION ALL
  SELECT
    SUM(COALESCE(LENGTH(CAST(t.data AS BLOB)), 0)) AS bytes
  FROM event AS t
  UNION ALL
  SELECT
    SUM(
      COALESCE(LENGTH(CAST(t.summary_diffs AS BLOB)), 0) + COALESCE(LENGTH(CAST(t.metadata AS BLOB)), 0) + COALESCE(LENGTH(CAST(t.revert AS BLOB)), 0) + COALESCE(LENGTH(CAST(t.permission AS BLOB)), 0) + COALESCE(LENGTH(CAST(t.model AS BLOB)), 0)
    ) AS bytes
  FROM session AS t
) AS c;
