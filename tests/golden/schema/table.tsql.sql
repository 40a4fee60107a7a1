-- part, as the client has it. Only its key must be there: a client of another version may leave out the rest.
CREATE TABLE [part] (
  [id] NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL,
  [message_id] NVARCHAR(191) COLLATE Latin1_General_100_BIN2,
  [session_id] NVARCHAR(191) COLLATE Latin1_General_100_BIN2,
  [time_created] BIGINT,
  [time_updated] BIGINT,
  [data] NVARCHAR(MAX),
  PRIMARY KEY ([id])
);
