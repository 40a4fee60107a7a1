-- Rows of part on their way in.
CREATE TEMPORARY TABLE `lc_in_part` (
  `id` VARCHAR(191) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin,
  `message_id` VARCHAR(191) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin,
  `data` LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin
);
