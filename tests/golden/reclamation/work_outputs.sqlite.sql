-- Tool results in the order in which the client walks back over them; the second newest prompt of each session.
CREATE TEMPORARY TABLE lc_result (
  id TEXT(191) NOT NULL,
  session_id TEXT(191) NOT NULL,
  message_id TEXT(191) NOT NULL,
  created INTEGER NOT NULL,
  size INTEGER NOT NULL,
  octets INTEGER NOT NULL,
  rest INTEGER NOT NULL,
  stamp INTEGER NOT NULL
);

CREATE TEMPORARY TABLE lc_prompt (
  session_id TEXT(191) NOT NULL PRIMARY KEY,
  created INTEGER NOT NULL,
  id TEXT(191) NOT NULL
);
