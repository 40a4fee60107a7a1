-- Rows are copied as they are, and some have no owner.
PRAGMA foreign_keys = OFF;

-- What is taken out of the hot store may be here alone: a commit reaches the disk before it counts.
PRAGMA synchronous = FULL;
