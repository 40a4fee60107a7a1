-- The portable column types, as SQL Server spells them; ids compare by bytes, texts have no limit.
CREATE TABLE types (
  varchar NVARCHAR(9) COLLATE Latin1_General_100_BIN2,
  text NVARCHAR(MAX),
  bigint BIGINT,
  int INT,
  double FLOAT(53)
);
