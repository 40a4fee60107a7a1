-- A column that a newer client has.
ALTER TABLE [part]
ADD [extra] NVARCHAR(MAX);
