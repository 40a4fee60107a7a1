-- Rows of part that are there as they are: nothing to do.
DELETE FROM [#lc_in_part]
WHERE
  EXISTS(
    SELECT
      1
    FROM [part] AS t
    WHERE
      (
        t.[id] = [#lc_in_part].[id] OR t.[id] IS NULL AND [#lc_in_part].[id] IS NULL
      )
      AND (
        t.[message_id] = [#lc_in_part].[message_id] OR t.[message_id] IS NULL AND [#lc_in_part].[message_id] IS NULL
      )
      AND (
        t.[data] = [#lc_in_part].[data] OR t.[data] IS NULL AND [#lc_in_part].[data] IS NULL
      )
  );
