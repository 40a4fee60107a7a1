-- Sessions of 1.x that are there, to be held against those of a file: rows come back to none but the file's own.
SELECT
  s.`id`,
  s.`message_id`,
  s.`data`
FROM session AS s;
