-- A column that a newer client has.
ALTER TABLE `part`
ADD COLUMN `extra` LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;
