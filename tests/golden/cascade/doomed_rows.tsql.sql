SELECT
  t.[id],
  t.[message_id],
  t.[session_id],
  t.[time_created],
  t.[time_updated],
  CASE WHEN CAST(DATALENGTH(t.[data]) AS BIGINT) >= 16777216 THEN NULL ELSE t.[data] END AS [data],
  CASE WHEN CAST(DATALENGTH(t.[data]) AS BIGINT) >= 16777216 THEN 2 ELSE 0 END AS [huge_data],
  d.id AS doomed_id
FROM #lc_doomed AS d
CROSS JOIN message AS owner
CROSS JOIN part AS t
WHERE
  owner.session_id = d.id AND t.message_id = owner.id;
