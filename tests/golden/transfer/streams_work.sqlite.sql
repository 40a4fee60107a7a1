-- The sessions that are read together, by their places in the queue, and their messages in the order in which the client
-- shows them: each with the place of its session, and with one of its own in this table.
CREATE TEMPORARY TABLE lc_span (
  place INTEGER NOT NULL PRIMARY KEY,
  id TEXT(191) NOT NULL
);

CREATE TEMPORARY TABLE lc_span_message (
  place INTEGER NOT NULL PRIMARY KEY,
  session_place INTEGER NOT NULL,
  id TEXT(191) NOT NULL
);
