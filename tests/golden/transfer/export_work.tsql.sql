-- The sessions to be read, in their order, and how far the reading has come. Ids stay inside the engine, so that one
-- which is no text, or no UTF-8, finds its rows as well.
CREATE TABLE #lc_queue (
  place BIGINT NOT NULL PRIMARY KEY,
  id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL
);

CREATE TABLE #lc_place (
  session BIGINT NOT NULL,
  message BIGINT NOT NULL
);

INSERT INTO #lc_place (
  session,
  message
)
VALUES
  (0, 0);

-- The session at hand, and its messages in their order.
CREATE TABLE #lc_current (
  id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL
);

CREATE TABLE #lc_message_queue (
  place BIGINT NOT NULL PRIMARY KEY,
  id NVARCHAR(191) COLLATE Latin1_General_100_BIN2 NOT NULL
);
