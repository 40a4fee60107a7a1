-- Rows of part on their way in.
CREATE TEMPORARY TABLE "lc_in_part" (
  "id" VARCHAR(191) COLLATE "C",
  "message_id" VARCHAR(191) COLLATE "C",
  "data" TEXT COLLATE "C"
);
