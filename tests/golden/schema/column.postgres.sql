-- A column that a newer client has.
ALTER TABLE "part"
ADD COLUMN "extra" TEXT COLLATE "C";
