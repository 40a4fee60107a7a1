-- A new file gives pages back in steps from its first day; before the first table, since it cannot be told later.
PRAGMA auto_vacuum = INCREMENTAL;

-- "OCLC": a file of ours, for programs that look at the first bytes of one.
PRAGMA application_id = 1329810499;

-- How texts are kept is written down with the first table.
CREATE TABLE lifecycle_born (moment INTEGER);

DROP TABLE lifecycle_born;
