-- Events of this part of the log that were not looked into as they are.
SELECT
  n.id
FROM #lc_note AS n
WHERE
  n.bytes >= 16777216;
