-- Rows of part on their way in.
CREATE TABLE [#lc_in_part] (
  [id] NVARCHAR(191) COLLATE Latin1_General_100_BIN2,
  [message_id] NVARCHAR(191) COLLATE Latin1_General_100_BIN2,
  [data] NVARCHAR(MAX)
);
