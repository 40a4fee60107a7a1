-- A statement that was refused was not made.
DELETE FROM lifecycle_change
WHERE
  number = 1;
