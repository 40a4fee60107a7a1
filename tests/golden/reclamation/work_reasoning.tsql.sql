-- Prompts that a finished summary answers; the newest finished compaction, and the first message still sent.
CREATE TABLE #lc_summary (
  session_id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL,
  parent_id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL
);

CREATE TABLE #lc_fold (
  session_id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL PRIMARY KEY,
  created BIGINT NOT NULL,
  id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL,
  tail_id NVARCHAR(191) COLLATE Latin1_General_100_BIN2
);

CREATE TABLE #lc_sent (
  session_id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL PRIMARY KEY,
  created BIGINT NOT NULL,
  id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL
);

-- In the messages of 2.x: the newest compaction that any model can read.
CREATE TABLE #lc_compaction (
  session_id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL PRIMARY KEY,
  seq BIGINT NOT NULL
);
