-- The messages of the span by their ids, or the rows that belong to them by the column that names them: message after
-- message, and the place of each among the messages; of the messages themselves that of the session after it.
-- (CROSS JOIN: SQLite takes the tables in the order they stand.)
SELECT
  t.[id],
  t.[message_id],
  t.[session_id],
  t.[time_created],
  t.[time_updated],
  CASE WHEN CAST(DATALENGTH(t.[data]) AS BIGINT) >= 16777216 THEN NULL ELSE t.[data] END AS [data],
  CASE WHEN CAST(DATALENGTH(t.[data]) AS BIGINT) >= 16777216 THEN 2 ELSE ISJSON(t.[data]) END AS [sound_data],
  m.place
FROM #lc_span_message AS m
CROSS JOIN [part] AS t
WHERE
  t.[data] = m.id
ORDER BY
  m.place,
  t.[id];
