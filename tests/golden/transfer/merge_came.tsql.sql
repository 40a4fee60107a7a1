-- Those rows as they came.
SELECT
  n.[id],
  n.[message_id],
  n.[data]
FROM [#lc_in_part] AS n;
