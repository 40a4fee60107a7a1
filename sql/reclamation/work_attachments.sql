-- Rows that may have something attached; how many octets moving it out would free; rows as they become.
CREATE TEMPORARY TABLE lc_attached (
  name VARCHAR(64) NOT NULL,
  number BIGINT NOT NULL,
  id VARCHAR(191) NOT NULL,
  session_id VARCHAR(191) NOT NULL,
  octets BIGINT NOT NULL,
  stamp BIGINT NOT NULL
);

CREATE INDEX lc_attached_number ON lc_attached (name, number);

CREATE TEMPORARY TABLE lc_weighed (name VARCHAR(64) NOT NULL, number BIGINT NOT NULL, bytes BIGINT NOT NULL);

CREATE INDEX lc_weighed_number ON lc_weighed (name, number);

CREATE TEMPORARY TABLE lc_moved (id VARCHAR(191) NOT NULL PRIMARY KEY, value TEXT NOT NULL);
