-- Prompts that a finished summary answers; the newest finished compaction, and the first message still sent.
CREATE TEMPORARY TABLE lc_summary (
  session_id VARCHAR(191) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin NOT NULL,
  parent_id VARCHAR(191) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin NOT NULL
);

CREATE TEMPORARY TABLE lc_fold (
  session_id VARCHAR(191) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin NOT NULL PRIMARY KEY,
  created BIGINT NOT NULL,
  id VARCHAR(191) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin NOT NULL,
  tail_id VARCHAR(191) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin
);

CREATE TEMPORARY TABLE lc_sent (
  session_id VARCHAR(191) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin NOT NULL PRIMARY KEY,
  created BIGINT NOT NULL,
  id VARCHAR(191) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin NOT NULL
);
