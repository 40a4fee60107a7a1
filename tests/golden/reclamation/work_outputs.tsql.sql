-- Tool results in the order in which the client walks back over them; the second newest prompt of each session.
CREATE TABLE #lc_result (
  id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL,
  session_id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL,
  message_id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL,
  created BIGINT NOT NULL,
  size BIGINT NOT NULL,
  octets BIGINT NOT NULL,
  rest BIGINT NOT NULL,
  stamp BIGINT NOT NULL
);

CREATE TABLE #lc_prompt (
  session_id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL PRIMARY KEY,
  created BIGINT NOT NULL,
  id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL
);
