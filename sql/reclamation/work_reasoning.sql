-- Prompts that a finished summary answers; the newest finished compaction, and the first message still sent.
CREATE TEMPORARY TABLE lc_summary (session_id VARCHAR(191) NOT NULL, parent_id VARCHAR(191) NOT NULL);

CREATE TEMPORARY TABLE lc_fold (
  session_id VARCHAR(191) NOT NULL PRIMARY KEY,
  created BIGINT NOT NULL,
  id VARCHAR(191) NOT NULL,
  tail_id VARCHAR(191)
);

CREATE TEMPORARY TABLE lc_sent (
  session_id VARCHAR(191) NOT NULL PRIMARY KEY,
  created BIGINT NOT NULL,
  id VARCHAR(191) NOT NULL
);

-- In the messages of 2.x: the newest compaction that any model can read.
CREATE TEMPORARY TABLE lc_compaction (session_id VARCHAR(191) NOT NULL PRIMARY KEY, seq BIGINT NOT NULL);
