-- The sessions that are read together, by their places in the queue, and their messages in the order in which the client
-- shows them: each with the place of its session, and with one of its own in this table.
CREATE TEMPORARY TABLE lc_span (place BIGINT NOT NULL PRIMARY KEY, id VARCHAR(191) NOT NULL);

CREATE TEMPORARY TABLE lc_span_message (
  place BIGINT NOT NULL PRIMARY KEY, session_place BIGINT NOT NULL, id VARCHAR(191) NOT NULL
);
