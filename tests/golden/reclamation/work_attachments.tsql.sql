-- Rows that may have something attached; how many octets moving it out would free; rows as they become.
CREATE TABLE #lc_attached (
  name NVARCHAR(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
  number BIGINT NOT NULL,
  id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL,
  session_id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL,
  octets BIGINT NOT NULL,
  stamp BIGINT NOT NULL
);

CREATE INDEX lc_attached_number ON #lc_attached(name, number);

CREATE TABLE #lc_weighed (
  name NVARCHAR(64) COLLATE Latin1_General_100_BIN2 NOT NULL,
  number BIGINT NOT NULL,
  bytes BIGINT NOT NULL
);

CREATE INDEX lc_weighed_number ON #lc_weighed(name, number);

CREATE TABLE #lc_moved (
  id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL PRIMARY KEY,
  value NVARCHAR(MAX) NOT NULL
);
