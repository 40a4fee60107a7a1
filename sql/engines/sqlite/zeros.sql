-- As many octets as a value has, to be written over;
SELECT ZEROBLOB(:octets);

-- and where that cannot be done, the row goes again.
DELETE FROM target
WHERE rowid = :rowid;
