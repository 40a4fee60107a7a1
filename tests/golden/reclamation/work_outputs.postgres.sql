-- Tool results in the order in which the client walks back over them; the second newest prompt of each session.
CREATE TEMPORARY TABLE lc_result (
  id VARCHAR(191) COLLATE "C" NOT NULL,
  session_id VARCHAR(191) COLLATE "C" NOT NULL,
  message_id VARCHAR(191) COLLATE "C" NOT NULL,
  created BIGINT NOT NULL,
  size BIGINT NOT NULL,
  octets BIGINT NOT NULL,
  rest BIGINT NOT NULL,
  stamp BIGINT NOT NULL
);

CREATE TEMPORARY TABLE lc_prompt (
  session_id VARCHAR(191) COLLATE "C" NOT NULL PRIMARY KEY,
  created BIGINT NOT NULL,
  id VARCHAR(191) COLLATE "C" NOT NULL
);
