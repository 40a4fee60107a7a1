-- The sessions that are read together, by their places in the queue, and their messages in the order in which the client
-- shows them: each with the place of its session, and with one of its own in this table.
CREATE TABLE #lc_span (
  place BIGINT NOT NULL PRIMARY KEY,
  id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL
);

CREATE TABLE #lc_span_message (
  place BIGINT NOT NULL PRIMARY KEY,
  session_place BIGINT NOT NULL,
  id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL
);
