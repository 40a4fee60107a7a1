-- part, as the client has it. Only its key must be there: a client of another version may leave out the rest.
CREATE TABLE "part" (
  "id" VARCHAR(191) COLLATE "C" NOT NULL,
  "message_id" VARCHAR(191) COLLATE "C",
  "session_id" VARCHAR(191) COLLATE "C",
  "time_created" BIGINT,
  "time_updated" BIGINT,
  "data" TEXT COLLATE "C",
  PRIMARY KEY ("id")
);
