SELECT RELEASE_LOCK(CONCAT('opencode-lifecycle:', SHA1(DATABASE())));
