-- What keeps a store from being written anew with all rows under their numbers: a journal that is no WAL; tables of
-- another program's module, tables without such numbers or with a column of that name. None: no row.
SELECT 'its journal is no WAL' AS why
WHERE (SELECT journal_mode FROM pragma_journal_mode) <> 'wal'
UNION ALL
SELECT 'it has a table that a module makes'
WHERE EXISTS (SELECT 1 FROM sqlite_schema AS m WHERE m.type = 'table' AND m.rootpage = 0)
UNION ALL
SELECT 'it has a table without row numbers of its own'
WHERE EXISTS (SELECT 1 FROM pragma_table_list AS t WHERE t.schema = 'main' AND t.wr = 1)
  OR EXISTS (
    SELECT 1
    FROM sqlite_schema AS m
    CROSS JOIN pragma_table_xinfo(m.name) AS c
    WHERE m.type = 'table' AND LOWER(c.name) IN ('rowid', '_rowid_', 'oid')
  );
