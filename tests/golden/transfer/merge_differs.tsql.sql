-- Rows of part that are not the same on both sides, and whether the source's was written later.
SELECT
  n.[id],
  CASE WHEN n.time_updated > t.time_updated THEN 1 ELSE 0 END AS later
FROM [#lc_in_part] AS n
JOIN [part] AS t
  ON t.[id] = n.[id]
WHERE
  CASE
    WHEN n.[message_id] = t.[message_id]
    THEN 0
    WHEN n.[message_id] IS NULL AND t.[message_id] IS NULL
    THEN 0
    ELSE 1
  END = 1
  OR CASE WHEN n.[data] = t.[data] THEN 0 WHEN n.[data] IS NULL AND t.[data] IS NULL THEN 0 ELSE 1 END = 1;
