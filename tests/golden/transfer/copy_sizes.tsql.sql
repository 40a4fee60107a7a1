-- part, by its message.
SELECT
  q.place,
  COUNT_BIG(*) AS tally,
  COALESCE(SUM(COALESCE(CAST(DATALENGTH(t.data) AS BIGINT), 0)), 0) AS bytes
FROM #lc_queue AS q
JOIN message AS owner
  ON owner.session_id = q.id
JOIN part AS t
  ON t.message_id = owner.id
GROUP BY
  q.place;
