-- The rows of a batch that are still what the forecast saw, and the export holds.
DELETE FROM #lc_chosen;

INSERT INTO #lc_chosen (
  id
)
SELECT
  t.id
FROM #lc_target AS t
JOIN event AS x
  ON x.id = t.id
WHERE
  t.kind = 'title'
  AND t.name = 'event'
  AND t.field = 'data'
  AND t.number BETWEEN 1 AND 4000
  AND CAST(DATALENGTH(x.data) AS BIGINT) = t.octets
  AND COALESCE(CASE WHEN x.time_updated >= 1000000000000 THEN x.time_updated END, 0) = t.stamp
  AND NOT EXISTS(
    SELECT
      1
    FROM session AS session_undo
    WHERE
      session_undo.id = t.session_id AND NOT session_undo.[revert] IS NULL
  )
  AND NOT EXISTS(
    SELECT
      1
    FROM session AS session_row
    WHERE
      session_row.id = t.session_id AND session_row.time_updated >= 1799395200000
  )
  AND NOT EXISTS(
    SELECT
      1
    FROM message AS message_row
    WHERE
      message_row.session_id = t.session_id AND message_row.time_updated >= 1799395200000
  )
  AND NOT EXISTS(
    SELECT
      1
    FROM session_message AS session_message_row
    WHERE
      session_message_row.session_id = t.session_id AND session_message_row.time_updated >= 1799395200000
  );
