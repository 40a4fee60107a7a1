-- As many octets as a value has, to be written over: of a BLOB,
SELECT ZEROBLOB(:octets);

-- of a text,
SELECT CAST(ZEROBLOB(:octets) AS TEXT);

-- and of a text where the function is there that takes no memory for it;
SELECT LC_ZEROS(:octets);

-- into a row that is there;
UPDATE target
SET field = zeros
WHERE rowid = :rowid;

-- where it cannot be done, a row that was put in goes again.
DELETE FROM target
WHERE rowid = :rowid;

-- Triggers would be shown the zeros.
SELECT COUNT(*) AS tally
FROM sqlite_schema
WHERE type = 'trigger' AND tbl_name = :table COLLATE NOCASE;
