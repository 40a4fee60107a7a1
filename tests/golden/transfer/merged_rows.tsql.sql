-- Those rows as they stand now.
SELECT
  t.[id],
  t.[message_id],
  t.[data]
FROM [part] AS t
WHERE
  EXISTS(
    SELECT
      1
    FROM [#lc_in_part] AS n
    WHERE
      t.[id] = n.[id]
  );
