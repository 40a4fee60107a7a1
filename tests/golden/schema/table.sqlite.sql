-- part, as the client has it. Only its key must be there: a client of another version may leave out the rest.
CREATE TABLE "part" (
  "id" TEXT(191) NOT NULL PRIMARY KEY,
  "message_id" TEXT(191),
  "session_id" TEXT(191),
  "time_created" INTEGER,
  "time_updated" INTEGER,
  "data" TEXT
);
