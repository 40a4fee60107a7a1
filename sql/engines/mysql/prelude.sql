-- Texts come and go as UTF-8, and literals compare by their octets.
SET NAMES utf8mb4 COLLATE utf8mb4_nopad_bin;

-- Strict: without it a text that is no JSON would be overwritten with NULL, and a long one cut, with a warning.
-- Backslashes in literals are escapes, and double quotes are strings: NO_BACKSLASH_ESCAPES and ANSI_QUOTES are off.
SET SESSION sql_mode = 'STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION';

-- Each statement sees what is committed by then, and what is only read is not locked.
SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED;

-- A table or row that somebody else holds is waited for, but not for ever.
SET SESSION innodb_lock_wait_timeout = 10;

SET SESSION lock_wait_timeout = 10;

-- What is made is of an engine that takes a statement back, whatever the server's default is.
SET SESSION default_storage_engine = InnoDB;

-- A node of a cluster shows what any other node has committed before, not what has reached it by now.
SET @lc_wait = (
  SELECT CASE WHEN MAX(s.VARIABLE_VALUE) = 'Primary' THEN 'SET SESSION wsrep_sync_wait = 7' ELSE 'DO 0' END
  FROM information_schema.GLOBAL_STATUS AS s
  WHERE s.VARIABLE_NAME = 'wsrep_cluster_status'
);

EXECUTE IMMEDIATE @lc_wait;
