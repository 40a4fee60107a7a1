-- Only rows of part that are missing: one that is there is newer, and stays.
INSERT INTO [part] (
  [id],
  [message_id],
  [data]
)
SELECT
  n.[id],
  n.[message_id],
  n.[data]
FROM [#lc_in_part] AS n
WHERE
  NOT EXISTS(
    SELECT
      1
    FROM [part] AS t
    WHERE
      t.[id] = n.[id]
  );
