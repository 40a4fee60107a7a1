-- The sessions to be read, in their order, and how far the reading has come. Ids stay inside the engine, so that one
-- which is no text, or no UTF-8, finds its rows as well.
CREATE TEMPORARY TABLE lc_queue (
  place INTEGER NOT NULL PRIMARY KEY,
  id TEXT(191) NOT NULL
);

CREATE TEMPORARY TABLE lc_place (
  session INTEGER NOT NULL,
  message INTEGER NOT NULL
);

INSERT INTO lc_place (
  session,
  message
)
VALUES
  (0, 0);

-- The session at hand, and its messages in their order.
CREATE TEMPORARY TABLE lc_current (
  id TEXT(191) NOT NULL
);

CREATE TEMPORARY TABLE lc_message_queue (
  place INTEGER NOT NULL PRIMARY KEY,
  id TEXT(191) NOT NULL
);
