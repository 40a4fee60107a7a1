-- The sessions at hand: their rows are copied together. newest, tally, bytes: newest time, number and
-- octets of their rows at the source.
CREATE TEMPORARY TABLE lc_copy (id VARCHAR(191) NOT NULL PRIMARY KEY, root_id VARCHAR(191) NOT NULL, newest BIGINT,
                                tally BIGINT, bytes BIGINT);

CREATE INDEX lc_copy_root ON lc_copy (root_id);

-- Times of what the copy holds of them already.
CREATE TEMPORARY TABLE lc_there (id VARCHAR(191) NOT NULL, newest BIGINT);

CREATE INDEX lc_there_id ON lc_there (id);
