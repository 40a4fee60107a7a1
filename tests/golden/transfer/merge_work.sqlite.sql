-- Rows of part on their way in.
CREATE TEMPORARY TABLE "lc_in_part" (
  "id" TEXT(191),
  "message_id" TEXT(191),
  "data" TEXT
);
