SELECT
  x.[id],
  x.[message_id],
  x.[data]
FROM #lc_leftover AS t
JOIN event AS x
  ON x.aggregate_id = t.id;
