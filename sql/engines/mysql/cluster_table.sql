-- The row that the run at hand holds.
CREATE TABLE IF NOT EXISTS lifecycle_run (name VARCHAR(32) NOT NULL PRIMARY KEY, turn BIGINT NOT NULL) ENGINE = InnoDB;

INSERT IGNORE INTO lifecycle_run (name, turn) VALUES ('run', 0);
