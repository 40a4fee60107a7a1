-- Prompts that a finished summary answers; the newest finished compaction, and the first message still sent.
CREATE TEMPORARY TABLE lc_summary (
  session_id TEXT(191) NOT NULL,
  parent_id TEXT(191) NOT NULL
);

CREATE TEMPORARY TABLE lc_fold (
  session_id TEXT(191) NOT NULL PRIMARY KEY,
  created INTEGER NOT NULL,
  id TEXT(191) NOT NULL,
  tail_id TEXT(191)
);

CREATE TEMPORARY TABLE lc_sent (
  session_id TEXT(191) NOT NULL PRIMARY KEY,
  created INTEGER NOT NULL,
  id TEXT(191) NOT NULL
);

-- In the messages of 2.x: the newest compaction that any model can read.
CREATE TEMPORARY TABLE lc_compaction (
  session_id TEXT(191) NOT NULL PRIMARY KEY,
  seq INTEGER NOT NULL
);
