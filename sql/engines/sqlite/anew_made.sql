-- All that a file's schema says, letter by letter; tables first, SQLite's own before the others, since it would make one
-- of them by itself; then indexes, then what stands on both.
SELECT m.type, m.name, m.tbl_name, m.sql
FROM sqlite_schema AS m
ORDER BY
  CASE m.type WHEN 'table' THEN 0 WHEN 'index' THEN 1 WHEN 'view' THEN 2 ELSE 3 END,
  CASE WHEN m.name LIKE 'sqlite!_%' ESCAPE '!' THEN 0 ELSE 1 END,
  m.tbl_name, m.name;
