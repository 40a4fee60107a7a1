-- part, as the client has it. Only its key must be there: a client of another version may leave out the rest.
CREATE TABLE `part` (
  `id` VARCHAR(191) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin NOT NULL,
  `message_id` VARCHAR(191) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin,
  `session_id` VARCHAR(191) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin,
  `time_created` BIGINT,
  `time_updated` BIGINT,
  `data` LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin,
  PRIMARY KEY (`id`)
);
